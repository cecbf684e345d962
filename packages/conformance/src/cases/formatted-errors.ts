import type { Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, contains, rejectionOf } from "../check.ts";
import { deepGroup } from "./deep-group.ts";

const needs: readonly Capability[] = ["formatException"];
const groups: readonly Capability[] = [...needs, "BaseExceptionGroup", "ExceptionGroup"];

/** EG-3: errors as text. */
export const formattedErrors: readonly Case[] = [
  caseOf(
    "EG-3",
    "tree",
    "prints every error of a tree of groups, with each group's message",
    { needs: groups },
    ({ api: { ExceptionGroup, formatException } }) => {
      const inner = new ExceptionGroup("the inner group", [new TypeError("an error within")]);
      const text = formatException(new ExceptionGroup<Error>("the outer group", [inner, new Error("an error beside")]));
      for (const part of ["the outer group", "the inner group", "an error within", "an error beside"]) {
        contains(text, part, "the text");
      }
      check(text.indexOf("an error within") < text.indexOf("an error beside"), "they should be in order");
    },
  ),

  caseOf(
    "EG-3",
    "names-and-paths",
    "prints the name and the path of each task",
    { needs: [...needs, "task option.name", "option.name"] },
    async ({ api }) => {
      const block = api.taskGroup({ name: "crawl" }, (group) => {
        group.createTask(() => Promise.reject(new Error("boom")), { name: "page-7" });
        group.createTask(() => Promise.reject("primitive"), { name: "page-8" });
      });
      const text = api.formatException(await rejectionOf(block, "the block"));
      for (const part of ["page-7", "page-8", "boom", "primitive"]) contains(text, part, "the text");
      check(/crawl\W+page-7/.test(text), "it should print the path from the group to the task");
    },
  ),

  caseOf(
    "EG-3",
    "causes",
    "prints every cause: the group's, an error's, and a cause's own, falsy ones too",
    { needs: groups },
    ({ api: { ExceptionGroup, formatException } }) => {
      const deepest = new Error("the deepest cause", { cause: null });
      const error = new Error("an error", { cause: new Error("its cause", { cause: deepest }) });
      const text = formatException(new ExceptionGroup("m", [error], { cause: new Error("the group's cause") }));
      for (const part of ["an error", "its cause", "the deepest cause", "null", "the group's cause"]) {
        contains(text, part, "the text");
      }
    },
  ),

  caseOf("EG-3", "cycle", "ends when errors are each other's cause", { needs }, ({ api: { formatException } }) => {
    const [a, b] = [new Error("a is first"), new Error("b is second")];
    [a.cause, b.cause] = [b, a];
    const text = formatException(a);
    contains(text, "a is first", "the text");
    contains(text, "b is second", "the text");
  }),

  caseOf(
    "EG-3",
    "anything",
    "prints something for whatever can be thrown, and never throws itself",
    { needs },
    ({ api: { formatException } }) => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      const refuse = {
        get(): never {
          throw new Error("no");
        },
      };
      const broken = Object.defineProperties(new Error("x"), {
        // First: to define it makes some hosts read the others.
        stack: refuse,
        message: refuse,
        name: refuse,
        cause: refuse,
      });
      for (const value of [undefined, null, 0, "", Symbol("s"), Object.create(null), () => {}, proxy, broken]) {
        check(formatException(value).length > 0, "there should be a text");
      }
    },
  ),

  caseOf(
    "EG-3",
    "aggregate",
    "prints the members of an AggregateError that isn't the implementation's own",
    { needs },
    ({ api: { formatException } }) => {
      const text = formatException(new AggregateError([new Error("one member"), "another"], "of a library"));
      for (const part of ["of a library", "one member", "another"]) contains(text, part, "the text");
    },
  ),

  caseOf(
    "LC-5",
    "suppressed-error-printed",
    "formatException prints both errors of a SuppressedError, the block's own first",
    { needs },
    ({ api: { formatException } }) => {
      const looks = { error: new Error("of the disposal"), suppressed: new Error("of the block") };
      const text = formatException(Object.assign(new Error("suppressed"), { name: "SuppressedError", ...looks }));
      for (const part of ["of the block", "of the disposal"]) contains(text, part, "the text");
      check(text.indexOf("of the block") < text.indexOf("of the disposal"), "they should be in order");
    },
  ),

  caseOf(
    "EG-3",
    "deep",
    "prints a group 10,000 levels deep, in a text that doesn't grow with the square of the depth",
    { needs: groups },
    ({ api }) => {
      const text = api.formatException(deepGroup(api, new Error("the end"), 10_000));
      contains(text, "the end", "the text");
      check(text.length < 20_000_000, "the text should stay in bounds");
    },
  ),
];
