import type { BaseExceptionGroup } from "@cohort/core";
import type { Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import type { Surface } from "../surface.ts";
import { deepGroup } from "./deep-group.ts";
import { pause } from "./pause.ts";
import { shapeOf } from "./shape-of.ts";

const needs: readonly Capability[] = ["exceptStar", "BaseExceptionGroup", "ExceptionGroup"];

/** What was caught, and the errors in it. */
function catchSome({ ExceptionGroup }: Surface): {
  readonly group: BaseExceptionGroup;
  readonly range1: RangeError;
  readonly range2: RangeError;
  readonly type1: TypeError;
  readonly syntax1: SyntaxError;
} {
  const [range1, range2] = [new RangeError("r1"), new RangeError("r2")];
  const [type1, syntax1] = [new TypeError("t1"), new SyntaxError("s1")];
  const inner = new ExceptionGroup<Error>("inner", [type1, range2]);
  return { group: new ExceptionGroup<unknown>("outer", [range1, inner, syntax1]), range1, range2, type1, syntax1 };
}

const raise = (error: unknown) => (): never => {
  throw error;
};

/** ES-1: `except*`. */
export const exceptStars: readonly Case[] = [
  caseOf(
    "ES-1",
    "rest-is-rethrown",
    "a handler gets its part, the unmatched rest is rethrown with its structure",
    { needs },
    async ({ api }) => {
      const { group, range1, range2, type1, syntax1 } = catchSome(api);
      const seen: unknown[] = [];
      const error = await rejectionOf(api.exceptStar(group, [RangeError, (part) => void seen.push(shapeOf(part))]));
      equal(seen, [["outer", range1, ["inner", range2]]], "what the handler gets");
      equal(shapeOf(error), ["outer", ["inner", type1], syntax1], "what is rethrown");
    },
  ),

  caseOf("ES-1", "all-handled", "resolves if everything was handled", { needs }, async (trial) => {
    const { group } = catchSome(trial.api);
    const outcome = await trial.outcome(
      trial.api.exceptStar(group, [RangeError, () => {}], [[TypeError, SyntaxError], () => {}]),
    );
    equal(outcome, { value: undefined }, "the outcome");
  }),

  caseOf(
    "ES-1",
    "first-clause-wins",
    "each leaf goes to the first clause that matches it; several clauses run, in order, once each",
    { needs },
    async ({ api }) => {
      const { group, range1, range2, type1, syntax1 } = catchSome(api);
      const seen: unknown[] = [];
      const clause = (name: string) => (part: BaseExceptionGroup) =>
        void seen.push([name, ...[...part.leaves()].map(({ error }) => error)]);
      await api.exceptStar(
        group,
        [TypeError, clause("type")],
        [URIError, clause("never")],
        [[TypeError, RangeError], clause("range")],
        [Error, clause("error")],
        [Error, clause("too late")],
      );
      equal(seen, [["type", type1], ["range", range1, range2], ["error", syntax1]], "what each clause got"); // prettier-ignore
    },
  ),

  caseOf(
    "ES-1",
    "no-match",
    "rethrows the very error if no clause matches, whatever it is",
    { needs },
    async ({ api }) => {
      const { group } = catchSome(api);
      for (const error of [group, new Error("bare"), undefined, null, 0, ""]) {
        const promise = api.exceptStar(error, [URIError, () => {}], [() => false, () => {}]);
        same(await rejectionOf(promise), error, "what is rethrown");
        same(await rejectionOf(api.exceptStar(error)), error, "what is rethrown without clauses");
      }
    },
  ),

  caseOf("ES-1", "bare-error", "wraps a bare error for its handler, a falsy one too", { needs }, async ({ api }) => {
    const { range1 } = catchSome(api);
    for (const error of [range1, undefined, null, 0, ""]) {
      const parts: BaseExceptionGroup[] = [];
      await api.exceptStar(error, [(thrown) => thrown === error, (part) => void parts.push(part)]);
      equal(parts.length, 1, "the calls of the handler");
      instance(parts[0], api.ExceptionGroup, "what it gets");
      check(parts[0].errors.length === 1 && parts[0].errors[0] === error, "it should hold the error");
    }
  }),

  caseOf(
    "ES-1",
    "bare-base-exception",
    "wraps a bare BaseException in a BaseExceptionGroup",
    { needs: [...needs, "KeyboardInterrupt"] },
    async ({ api }) => {
      const parts: BaseExceptionGroup[] = [];
      const interrupt = new api.KeyboardInterrupt();
      await api.exceptStar(interrupt, [api.KeyboardInterrupt, (part) => void parts.push(part)]);
      same(parts[0]?.errors[0], interrupt, "what the handler gets");
      check(!(parts[0] instanceof api.ExceptionGroup), "it should be no ExceptionGroup");
    },
  ),

  caseOf(
    "ES-1",
    "leaves-are-tested",
    "tests the leaves, never the groups that hold them",
    { needs },
    async ({ api }) => {
      const { group, range1, range2, type1, syntax1 } = catchSome(api);
      const asked: unknown[] = [];
      await rejectionOf(
        api.exceptStar(group, [
          (error) => {
            asked.push(error);
            return !(error instanceof RangeError);
          },
          () => {},
        ]),
      );
      equal(asked, [range1, type1, range2, syntax1], "what the match is asked about");
    },
  ),

  caseOf("ES-1", "awaited-in-order", "awaits async handlers, one after the other", { needs }, async (trial) => {
    const { group } = catchSome(trial.api);
    const slow = (name: string, ms: number) => async () => {
      trial.say(`${name} begins`);
      await pause(ms);
      trial.say(`${name} ends`);
    };
    await trial.api.exceptStar(
      group,
      [RangeError, slow("a", 20)],
      [TypeError, slow("b", 10)],
      [SyntaxError, slow("c", 0)],
    );
    const log = ["0 a begins", "20 a ends", "20 b begins", "30 b ends", "30 c begins", "30 c ends"];
    equal(trial.log, log, "what happened");
  }),

  caseOf(
    "ES-1",
    "one-new-error",
    "one error that a handler throws comes out bare if nothing else is left, a falsy one too",
    { needs },
    async ({ api }) => {
      const { group, range1 } = catchSome(api);
      for (const thrown of [new Error("new"), undefined, null, 0]) {
        const promise = api.exceptStar(group, [RangeError, raise(thrown)], [Error, () => {}]);
        same(await rejectionOf(promise), thrown, "what is thrown");
        const ofBare = api.exceptStar(range1, [RangeError, async () => raise(thrown)()]);
        same(await rejectionOf(ofBare), thrown, "what is thrown for a bare error");
      }
    },
  ),

  caseOf(
    "ES-1",
    "several-new-errors",
    "several errors that handlers throw are grouped, and the other clauses still run",
    { needs },
    async ({ api }) => {
      const { group } = catchSome(api);
      let ran = 0;
      const error = await rejectionOf(
        api.exceptStar(group, [RangeError, raise("a")], [TypeError, raise("b")], [SyntaxError, () => void ran++]),
      );
      instance(error, api.ExceptionGroup, "what is thrown");
      equal([shapeOf(error), ran], [["", "a", "b"], 1], "its members, and the other handler's calls");
    },
  ),

  caseOf(
    "ES-1",
    "new-errors-and-rest",
    "errors of handlers come before the rest, which stays a group of its own",
    { needs },
    async ({ api }) => {
      const { group, type1 } = catchSome(api);
      const error = await rejectionOf(api.exceptStar(group, [RangeError, raise("new")], [SyntaxError, () => {}]));
      equal(shapeOf(error), ["", "new", ["outer", ["inner", type1]]], "what is thrown");
    },
  ),

  caseOf(
    "ES-1",
    "reraised",
    "a handler that throws the group it was given gives it back: the rest has the original's shape and order",
    { needs },
    async ({ api }) => {
      const { group, range1, range2, syntax1 } = catchSome(api);
      const again = (part: unknown): never => raise(part)();
      const some = await rejectionOf(api.exceptStar(group, [RangeError, again], [TypeError, () => {}]));
      equal(shapeOf(some), ["outer", range1, ["inner", range2], syntax1], "what is thrown");
      same(
        await rejectionOf(api.exceptStar(group, [RangeError, again], [Error, again])),
        group,
        "what is thrown if all is",
      );
    },
  ),

  caseOf(
    "ES-1",
    "cause-and-failures",
    "parts and rest keep cause and failures",
    { needs: [...needs, "failures", "task option.name", "option.signal"] },
    async (trial) => {
      const { range1, type1 } = catchSome(trial.api);
      const { api } = trial;
      const outside = trial.controller();
      const block = api.taskGroup({ signal: outside.signal }, (group) => {
        for (const [name, error] of [["a", range1], ["b", type1]] as const) {
          group.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject(error)), { name });
        } // prettier-ignore
        setTimeout(() => outside.abort("why"), 5);
      });
      const error = await rejectionOf(block, "the block");
      const parts: BaseExceptionGroup[] = [];
      parts.push(
        (await rejectionOf(api.exceptStar(error, [RangeError, (part) => void parts.push(part)]))) as BaseExceptionGroup,
      );
      const looks = parts.map(({ cause, failures }) => [cause, failures.map(({ task }) => task?.name)]);
      equal(looks, [["why", ["a"]], ["why", ["b"]]], "cause and tasks of the part and of the rest"); // prettier-ignore
    },
  ),

  caseOf(
    "ES-1",
    "throwing-match",
    "a match that throws loses neither its error nor the one that was caught",
    { needs },
    async ({ api }) => {
      const { group } = catchSome(api);
      const wrong = new Error("wrong");
      let calls = 0;
      const promise = api.exceptStar(group, [raise(wrong) as () => boolean, () => void calls++]);
      const error = await rejectionOf(promise);
      instance(error, AggregateError, "what is thrown");
      check(error.errors.includes(wrong) && error.errors.includes(group), "it should hold both");
      equal(calls, 0, "the calls of the handler");
    },
  ),

  caseOf(
    "ES-1",
    "group-class",
    "a clause that names a class of groups is a TypeError caused by the error, before any handler runs",
    { needs },
    async ({ api }) => {
      const { group } = catchSome(api);
      let calls = 0;
      for (const match of [api.ExceptionGroup, api.BaseExceptionGroup, [RangeError, api.ExceptionGroup]] as const) {
        const promise = api.exceptStar(group, [RangeError, () => void calls++], [match as never, () => void calls++]);
        const error = await rejectionOf(promise);
        instance(error, TypeError, "what is thrown");
        same(error.cause, group, "its cause");
      }
      equal(calls, 0, "the calls of handlers");
    },
  ),

  caseOf(
    "LC-5",
    "suppressed-error",
    "exceptStar looks into a SuppressedError: the block's own error first, then that of the disposal",
    { needs },
    async ({ api }) => {
      const { range1, type1 } = catchSome(api);
      const looks = { error: type1, suppressed: range1 };
      const suppressed = Object.assign(new Error("suppressed"), { name: "SuppressedError", ...looks });
      const seen: unknown[] = [];
      await api.exceptStar(suppressed, [
        Error,
        (part) => void seen.push(...[...part.leaves()].map(({ error }) => error)),
      ]);
      equal(seen, [range1, type1], "what the handler gets");
      same(
        await rejectionOf(api.exceptStar(suppressed, [URIError, () => {}])),
        suppressed,
        "what is rethrown unhandled",
      );
    },
  ),

  caseOf("ES-1", "deep", "handles a group 10,000 levels deep", { needs }, async ({ api }) => {
    const { range1 } = catchSome(api);
    const seen: unknown[] = [];
    const group = deepGroup(api, range1, 10_000);
    await api.exceptStar(group, [
      RangeError,
      (part) => void seen.push(...[...part.leaves()].map(({ error }) => error)),
    ]);
    equal(seen, [range1], "what the handler gets");
    same(await rejectionOf(api.exceptStar(group, [TypeError, () => {}])), group, "what is rethrown unhandled");
  }),
];
