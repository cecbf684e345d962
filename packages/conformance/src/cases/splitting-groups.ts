import type { BaseExceptionGroup } from "@cohort/core";
import type { Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import type { Surface } from "../surface.ts";
import { deepGroup } from "./deep-group.ts";
import { shapeOf } from "./shape-of.ts";

const needs: readonly Capability[] = ["BaseExceptionGroup", "ExceptionGroup"];

/** Errors of two sorts, two levels deep. */
function nested({ ExceptionGroup }: Surface): BaseExceptionGroup<Error> {
  return new ExceptionGroup("outer", [
    new RangeError("r1"),
    new ExceptionGroup("mixed", [new TypeError("t1"), new RangeError("r2")]),
    new ExceptionGroup("types", [new ExceptionGroup("inner", [new TypeError("t2")])]),
    new RangeError("r3"),
  ]);
}

/** EG-2: taking groups apart. */
export const splittingGroups: readonly Case[] = [
  caseOf(
    "EG-2",
    "split-by-class",
    "split() by a class keeps nesting, order and messages in both parts",
    { needs },
    ({ api }) => {
      const [ranges, rest] = nested(api).split(RangeError);
      equal(
        shapeOf(ranges),
        ["outer", new RangeError("r1"), ["mixed", new RangeError("r2")], new RangeError("r3")],
        "what matches",
      );
      equal(
        shapeOf(rest),
        ["outer", ["mixed", new TypeError("t1")], ["types", ["inner", new TypeError("t2")]]],
        "the rest",
      );
    },
  ),

  caseOf("EG-2", "split-by-list", "split() by a list takes what any of its classes matches", { needs }, ({ api }) => {
    const group = new api.ExceptionGroup("m", [new RangeError("r"), new TypeError("t"), new SyntaxError("s")]);
    const [matched, rest] = group.split([TypeError, RangeError]);
    equal(shapeOf(matched), ["m", new RangeError("r"), new TypeError("t")], "what matches");
    equal(shapeOf(rest), ["m", new SyntaxError("s")], "the rest");
    equal(group.split([])[0], undefined, "what an empty list matches");
  }),

  caseOf(
    "EG-2",
    "split-by-predicate",
    "split() by a predicate takes what it says of, falsy leaves too",
    { needs },
    ({ api }) => {
      const group = new api.ExceptionGroup<unknown>("m", [undefined, 0, "", null, 1]);
      const [matched, rest] = group.split((error) => error === undefined || error === 0);
      equal(shapeOf(matched), ["m", undefined, 0], "what matches");
      equal(shapeOf(rest), ["m", "", null, 1], "the rest");
    },
  ),

  caseOf(
    "EG-2",
    "group-first",
    "tests the group itself first: if it matches, it is the whole match",
    { needs },
    ({ api }) => {
      const group = nested(api);
      const asked: unknown[] = [];
      const [matched, rest] = group.split((error) => asked.push(error) > 0);
      same(matched, group, "what matches");
      same(rest, undefined, "the rest");
      check(asked.length === 1 && asked[0] === group, "it should ask about the group, and about nothing else");
      same(group.split(Error)[0], group, "what the class of all errors matches");
    },
  ),

  caseOf(
    "EG-2",
    "nested-group-first",
    "takes a nested group that matches whole, without asking about its members",
    { needs },
    ({ api }) => {
      const inner = new api.ExceptionGroup("inner", [1, 2]);
      const group = new api.ExceptionGroup<unknown>("m", [inner, 3]);
      const asked: unknown[] = [];
      const [matched, rest] = group.split((error) => {
        asked.push(error);
        return error === inner;
      });
      same(matched?.errors[0], inner, "what matches");
      equal(shapeOf(rest), ["m", 3], "the rest");
      check(!asked.includes(1) && !asked.includes(2), "it should not ask about the members");
    },
  ),

  caseOf(
    "EG-2",
    "empty-parts",
    "a part without members is undefined, the other is the group itself",
    { needs },
    ({ api }) => {
      const group = nested(api);
      const [matched, rest] = group.split(SyntaxError);
      same(matched, undefined, "what matches");
      same(rest, group, "the rest");
      same(group.subgroup(SyntaxError), undefined, "the subgroup");
    },
  ),

  caseOf("EG-2", "subgroup", "subgroup() is what matches", { needs }, ({ api }) => {
    equal(shapeOf(nested(api).subgroup(TypeError)), shapeOf(nested(api).split(TypeError)[0]), "the subgroup");
  }),

  caseOf(
    "EG-2",
    "same-errors",
    "the parts hold the very same errors, and the group is as it was",
    { needs },
    ({ api }) => {
      const [a, b] = [Object.freeze(new RangeError("a")), new TypeError("b")];
      const group = new api.ExceptionGroup<Error>("m", [a, b]);
      const [ranges, rest] = group.split(RangeError);
      same(ranges?.errors[0], a, "what matches");
      same(rest?.errors[0], b, "the rest");
      equal(shapeOf(group), ["m", a, b], "the group");
    },
  ),

  caseOf(
    "EG-2",
    "cause-is-kept",
    "both parts keep the cause, at each level",
    { needs },
    ({ api: { ExceptionGroup } }) => {
      const inner = new ExceptionGroup<Error>("inner", [new RangeError("r"), new TypeError("t")], { cause: null });
      const group = new ExceptionGroup<unknown>("m", [inner, 3], { cause: "why" });
      for (const part of group.split(RangeError)) {
        check(part !== undefined, "there should be two parts");
        equal([part.cause, (part.errors[0] as Error).cause], ["why", null], "the causes");
      }
    },
  ),

  caseOf(
    "EG-2",
    "failures-are-kept",
    "both parts keep which task each error came from, of equal primitives too",
    { needs: [...needs, "failures", "task option.name"] },
    async ({ api }) => {
      const block = api.taskGroup((group) => {
        for (const [name, error] of [["a", "x"], ["b", "y"], ["c", "x"]] as const) {
          group.createTask(() => Promise.reject(error), { name });
        } // prettier-ignore
      });
      const error = await rejectionOf(block, "the block");
      instance(error, api.BaseExceptionGroup, "what it rejects with");
      const names = error.split((member) => member === "x").map((part) => part?.failures.map(({ task }) => task?.name));
      const all = error.failures.map((failure) => failure.task?.name);
      equal(all, ["a", "b", "c"], "the tasks of the whole");
      equal(names, [["a", "c"], ["b"]], "the tasks of the parts");
    },
  ),

  caseOf(
    "EG-2",
    "base-parts",
    "the part of a BaseExceptionGroup that has plain errors only is an ExceptionGroup",
    { needs: [...needs, "KeyboardInterrupt"] },
    ({ api: { BaseExceptionGroup, ExceptionGroup, KeyboardInterrupt } }) => {
      const group = new BaseExceptionGroup<Error>("m", [new KeyboardInterrupt(), new RangeError("r")]);
      const [fatal, plain] = group.split(KeyboardInterrupt);
      check(!(fatal instanceof ExceptionGroup), "the part with the KeyboardInterrupt should be none");
      instance(plain, ExceptionGroup, "the other part");
    },
  ),

  caseOf(
    "EG-2",
    "derive",
    "derive() makes the parts: a subclass that overrides it is kept, with its fields",
    { needs },
    ({ api }) => {
      class Upload extends api.ExceptionGroup {
        file = "";
        override derive(errors: readonly unknown[]): Upload {
          const part = new Upload(this.message, errors);
          part.file = this.file;
          return part;
        }
      }
      const group = new Upload("m", [new RangeError("r"), new TypeError("t")]);
      group.file = "a.txt";
      for (const part of group.split(RangeError)) {
        instance(part, Upload, "the part");
        equal(part.file, "a.txt", "its field");
      }
    },
  ),

  caseOf(
    "EG-2",
    "default-derive",
    "without an override, derive() makes a plain group with the message",
    { needs },
    ({ api: { ExceptionGroup } }) => {
      class Mine extends ExceptionGroup {}
      const part = new Mine("m", [1, 2]).derive([3]);
      equal(shapeOf(part), ["m", 3], "the part");
      check(!(part instanceof Mine), "it should be no instance of the subclass");
    },
  ),

  caseOf(
    "EG-2",
    "leaves",
    "leaves() gives the errors that are no groups, in order; a plain AggregateError is one",
    { needs },
    ({ api }) => {
      const foreign = new AggregateError([1]);
      const group = new api.ExceptionGroup<unknown>("m", [
        1,
        new api.ExceptionGroup<unknown>("n", [undefined, foreign]),
        4,
      ]);
      const leaves = [...group.leaves()].map(({ error }) => error);
      check(leaves[2] === foreign, "the AggregateError should be a leaf");
      equal([leaves.length, leaves[0], leaves[1], leaves[3]], [4, 1, undefined, 4], "how many, and the others");
    },
  ),

  caseOf(
    "EG-2",
    "leaf-paths",
    "leaves() tells the path of the task that each came from, through nested groups",
    { needs: [...needs, "failures", "task option.name", "option.name", "scope.taskGroup"] },
    async ({ api }) => {
      const block = api.taskGroup({ name: "crawl" }, (group) => {
        group.createTask(
          (member) =>
            member.taskGroup({ name: "site" }, (inner) => {
              inner.createTask(() => Promise.reject(new Error("boom")), { name: "page" });
            }),
          { name: "worker" },
        );
      });
      const error = await rejectionOf(block, "the block");
      instance(error, api.BaseExceptionGroup, "what it rejects with");
      const [leaf] = error.leaves();
      equal(leaf?.path, ["crawl", "worker", "site", "page"], "the path");
      equal(leaf?.task?.name, "page", "the name of the task");
    },
  ),

  caseOf("EG-2", "deep-split", "splits a group 10,000 levels deep", { needs }, ({ api }) => {
    const group = deepGroup(api, new RangeError("r"), 10_000);
    const [matched, rest] = group.split((error) => error instanceof RangeError);
    same(rest, undefined, "the rest");
    let [at, depth]: [unknown, number] = [matched, 0];
    for (; at instanceof AggregateError; depth++) [at] = at.errors as unknown[];
    equal(depth, 10_000, "the levels of what matches");
    instance(at, RangeError, "what is at the end");
  }),

  caseOf("EG-2", "deep-leaves", "walks the leaves of a group 10,000 levels deep", { needs }, ({ api }) => {
    const leaves = [...deepGroup(api, "end", 10_000).leaves()].map(({ error }) => error);
    equal(leaves, ["end"], "the leaves");
  }),

  caseOf("EG-2", "wide", "splits a group of 100,000 errors", { needs }, ({ api }) => {
    const group = new api.ExceptionGroup(
      "m",
      Array.from({ length: 100_000 }, (_, n) => n),
    );
    const [even, odd] = group.split((error) => typeof error === "number" && error % 2 === 0);
    equal([even?.errors.length, odd?.errors.length], [50_000, 50_000], "the sizes of the parts");
  }),

  caseOf(
    "EG-2",
    "class-or-predicate",
    "tells a class, written as one or built in, from a predicate, an arrow or a plain function",
    { needs },
    ({ api }) => {
      class Mine extends Error {}
      const mine = new Mine("x");
      const group = new api.ExceptionGroup<unknown>("m", [mine, new RangeError("r"), "text"]);
      equal(group.subgroup(Mine)?.errors.length, 1, "what a class matches");
      equal(group.subgroup(RangeError)?.errors.length, 1, "what a built-in class matches");
      equal(group.subgroup((error) => error === "text")?.errors, ["text"], "what an arrow matches");
      function isText(error: unknown): boolean {
        return typeof error === "string";
      }
      equal(group.subgroup(isText)?.errors, ["text"], "what a function matches");
    },
  ),
];
