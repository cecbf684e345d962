import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { KeyboardInterrupt, TimeoutError } from "../src/errors.ts";
import { exceptStar } from "../src/except-star.ts";
import { BaseExceptionGroup, ExceptionGroup, groupFailures } from "../src/exception-group.ts";
import { onlyError } from "../src/only-error.ts";
import { leavesOf, shape, suppressed } from "./group-fixtures.ts";

class ValueError extends Error {}
class OsError extends Error {}

/** What a promise rejects with, in an array; an empty one if it doesn't. */
const rejection = async (promise: Promise<unknown>): Promise<unknown[]> =>
  promise.then(
    () => [],
    (error) => [error],
  );

const values = [new ValueError("v1"), new ValueError("v2"), new ValueError("v3")] as const;
const types = [new TypeError("t1"), new TypeError("t2")] as const;
const oses = [new OsError("o1"), new OsError("o2")] as const;
const nested = () =>
  new ExceptionGroup("outer", [
    values[0],
    new ExceptionGroup("first", [types[0], oses[0], values[1]]),
    new ExceptionGroup("second", [new ExceptionGroup("inner", [types[1]]), oses[1]]),
    values[2],
  ]);

describe("matching", () => {
  it("ES-1 without a match the same error comes out", async () => {
    const handler = vi.fn();
    for (const error of [nested(), new Error("bare"), undefined, null, 0, "", Number.NaN]) {
      expect(await rejection(exceptStar(error, [RangeError, handler], [[], handler], [() => false, handler]))).toEqual([
        error,
      ]);
      expect((await rejection(exceptStar(error)))[0]).toBe(error);
    }
    expect(handler).not.toHaveBeenCalled();
  });

  it("ES-1 a handler gets its part with nesting, order, message, cause and failures; the rest comes out likewise", async () => {
    const task = { id: 1, name: "a", path: ["main", "a"] };
    const group = groupFailures(
      "outer",
      [
        { error: nested(), task, also: [] },
        { error: "text", task: undefined, also: [] },
      ],
      { cause: "why" },
    );
    const handler = vi.fn();
    const [rest] = await rejection(exceptStar(group, [ValueError, handler]));
    const part = handler.mock.calls[0]?.[0] as ExceptionGroup;
    expect(shape(part)).toEqual(["outer", ["outer", values[0], ["first", values[1]], values[2]]]);
    expect(shape(rest)).toEqual([
      "outer",
      ["outer", ["first", types[0], oses[0]], ["second", ["inner", types[1]], oses[1]]],
      "text",
    ]);
    for (const half of [part, rest as ExceptionGroup]) {
      expect(half.cause).toBe("why");
      expect(half.failures[0]?.task).toBe(task);
    }
  });

  it("ES-1 if everything is handled nothing comes out", async () => {
    await exceptStar(nested(), [ValueError, () => {}], [[TypeError, OsError], () => {}]);
    await exceptStar(undefined, [(error) => error === undefined, () => {}]);
  });

  it("ES-1 the first matching clause takes a leaf, several clauses may run, in order", async () => {
    const seen: unknown[] = [];
    const clause = (name: string) => (group: BaseExceptionGroup) => {
      seen.push(name, ...[...group.leaves()].map(({ error }) => error));
    };
    await exceptStar(
      nested(),
      [OsError, clause("os")],
      [RangeError, clause("never")],
      [[ValueError, OsError], clause("value")],
      [Error, clause("error")],
      [Error, clause("too late")],
    );
    expect(seen).toEqual(["os", ...oses, "value", ...values, "error", ...types]);
  });

  it("ES-1 a clause that takes everything gets the group itself", async () => {
    const group = nested();
    const handler = vi.fn();
    await exceptStar(group, [Error, handler]);
    expect(handler.mock.calls).toEqual([[group]]);
    expect(handler.mock.calls[0]?.[0]).toBe(group);
  });

  it("ES-1 matches are tested on errors, never on groups", async () => {
    const seen: unknown[] = [];
    const group = nested();
    const isOther = (error: unknown) => {
      seen.push(error);
      return !(error instanceof ValueError);
    };
    const foreign = new AggregateError([1]);
    const [rest] = await rejection(exceptStar(group, [isOther, () => {}]));
    expect(shape(rest)).toEqual(["outer", values[0], ["first", values[1]], values[2]]);
    expect(seen).toEqual([...group.leaves()].map(({ error }) => error));
    const [strings] = await rejection(
      exceptStar(new ExceptionGroup("m", ["x", foreign]), [[Error, AggregateError], () => {}]),
    );
    expect(shape(strings)).toEqual(["m", "x"]);
  });

  it("ES-1 a bare error reaches its handler in a group with an empty message", async () => {
    const handler = vi.fn();
    for (const error of [values[0], undefined, null, 0, ""]) {
      await exceptStar(error, [() => true, handler], [() => true, () => expect.unreachable()]);
      const group = handler.mock.lastCall?.[0] as ExceptionGroup;
      expect(group).toBeInstanceOf(ExceptionGroup);
      expect(shape(group)).toEqual(["", error]);
    }
    await exceptStar(new KeyboardInterrupt(), [KeyboardInterrupt, handler]);
    expect(handler.mock.lastCall?.[0]).not.toBeInstanceOf(ExceptionGroup);
  });

  it("ES-1 two throws of one primitive are two leaves", async () => {
    const group = new ExceptionGroup("m", ["x", new ExceptionGroup("n", ["x", "y"])]);
    let calls = 0;
    const [rest] = await rejection(exceptStar(group, [() => ++calls === 2, () => {}]));
    expect(shape(rest)).toEqual(["m", "x", ["n", "y"]]);
  });

  it("ES-1 async handlers are awaited in order", async () => {
    const log: string[] = [];
    const slow = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      await Promise.resolve();
      log.push(`${name} ends`);
    };
    await exceptStar(nested(), [ValueError, slow("a")], [TypeError, slow("b")], [OsError, slow("c")]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });
});

describe("what handlers throw", () => {
  const raise = (error: unknown) => () => {
    throw error;
  };

  it("ES-1 one new error with nothing left comes out bare", async () => {
    for (const thrown of [new Error("new"), undefined, null, 0, new ExceptionGroup("new", [1])]) {
      const [out] = await rejection(exceptStar(nested(), [ValueError, raise(thrown)], [Error, () => {}]));
      expect(out).toBe(thrown);
      expect(await rejection(exceptStar(values[0], [ValueError, raise(thrown)]))).toEqual([thrown]);
    }
  });

  it("ES-1 several new errors are grouped under an empty message", async () => {
    const out = await rejection(
      exceptStar(nested(), [ValueError, raise(1)], [TypeError, raise(undefined)], [OsError, () => {}]),
    );
    expect(out.map(shape)).toEqual([["", 1, undefined]]);
  });

  it("ES-1 new errors come before the rest, which is a group of its own", async () => {
    const out = await rejection(exceptStar(nested(), [ValueError, raise("new")], [TypeError, () => {}]));
    expect(out.map(shape)).toEqual([["", "new", ["outer", ["first", oses[0]], ["second", oses[1]]]]]);
  });

  it("ES-1 the other clauses still run after one has thrown", async () => {
    const handler = vi.fn();
    await rejection(
      exceptStar(nested(), [ValueError, raise(1)], [TypeError, handler], [OsError, async () => raise(2)()]),
    );
    expect(handler).toHaveBeenCalledOnce();
  });

  it("ES-1 a handler that throws its own group gives its part back: original shape, original order", async () => {
    const group = nested();
    const again = (part: unknown) => {
      throw part;
    };
    const [rest] = await rejection(exceptStar(group, [ValueError, again], [TypeError, () => {}], [OsError, again]));
    expect(shape(rest)).toEqual(["outer", values[0], ["first", oses[0], values[1]], ["second", oses[1]], values[2]]);
    expect((await rejection(exceptStar(group, [ValueError, again], [Error, again])))[0]).toBe(group);
    expect((await rejection(exceptStar(group, [ValueError, again])))[0]).toBe(group);
  });

  it("ES-1 what is given back is grouped with new errors", async () => {
    const out = await rejection(
      exceptStar(
        nested(),
        [ValueError, (part) => Promise.reject(part)],
        [TypeError, raise("new")],
        [OsError, () => {}],
      ),
    );
    expect(out.map(shape)).toEqual([["", "new", ["outer", values[0], ["first", values[1]], values[2]]]]);
  });

  it("ES-1 a bare error that its handler throws on stays wrapped", async () => {
    const out = await rejection(exceptStar(values[0], [ValueError, (part) => Promise.reject(part)]));
    expect(out.map(shape)).toEqual([["", values[0]]]);
  });

  it("ES-1 a group of the same errors is not the handler's own: it is new", async () => {
    const out = await rejection(
      exceptStar(nested(), [ValueError, (part) => Promise.reject(part.derive(part.errors))], [Error, () => {}]),
    );
    expect(out.map(shape)).toEqual([["outer", values[0], ["first", values[1]], values[2]]]);
  });

  it("EG-1 a new BaseException makes a BaseExceptionGroup", async () => {
    const [out] = await rejection(exceptStar(nested(), [ValueError, raise(new KeyboardInterrupt())]));
    expect(out).toBeInstanceOf(BaseExceptionGroup);
    expect(out).not.toBeInstanceOf(ExceptionGroup);
  });
});

describe("wrong clauses", () => {
  class Mine extends ExceptionGroup {}
  it.each([
    ["ExceptionGroup", [ExceptionGroup, () => {}]],
    ["BaseExceptionGroup", [BaseExceptionGroup, () => {}]],
    ["a subclass of them", [Mine, () => {}]],
    ["a list with one of them", [[Error, ExceptionGroup], () => {}]],
    ["no match", ["Error", () => {}]],
    ["no handler", [Error]],
    ["nothing", []],
  ])("ES-1 a clause with %s is a TypeError, caused by the error, before anything runs", async (_, clause) => {
    const handler = vi.fn();
    const error = nested();
    const [out] = await rejection(exceptStar(error, [Error, handler], clause as never));
    expect(out).toBeInstanceOf(TypeError);
    expect((out as Error).cause).toBe(error);
    expect(handler).not.toHaveBeenCalled();
  });

  it("ES-1 a predicate that throws loses nothing", async () => {
    const error = nested();
    const handler = vi.fn();
    const wrong = new Error("wrong");
    const [out] = await rejection(
      exceptStar(error, [Error, handler], [Error, handler]).then(() => {
        handler.mockClear();
        return exceptStar(error, [() => { throw wrong; }, handler]); // prettier-ignore
      }),
    );
    expect((out as ExceptionGroup).errors).toEqual([wrong, error]);
    expect(handler).not.toHaveBeenCalled();
  });
});

describe("SuppressedError", () => {
  const chain = () => suppressed(oses[0], suppressed(types[0], new ExceptionGroup("body", [values[0], values[1]])));

  it("LC-5 its errors count as a group, in the order in which they were thrown", async () => {
    const handler = vi.fn();
    const [rest] = await rejection(exceptStar(chain(), [[ValueError, OsError], handler]));
    expect(shape(handler.mock.lastCall?.[0])).toEqual([
      "suppressed by a disposal",
      ["body", values[0], values[1]],
      oses[0],
    ]);
    expect(shape(rest)).toEqual(["suppressed by a disposal", types[0]]);
  });

  it("LC-5 it comes out untouched if nothing in it is handled, or all is thrown on", async () => {
    const error = chain();
    expect((await rejection(exceptStar(error, [RangeError, () => {}])))[0]).toBe(error);
    expect((await rejection(exceptStar(error, [Error, (part) => Promise.reject(part)])))[0]).toBe(error);
    const group = new ExceptionGroup<unknown>("m", [error, 1]);
    expect((await rejection(exceptStar(group, [RangeError, () => {}])))[0]).toBe(group);
  });

  it("LC-5 it is looked into inside a group, too", async () => {
    const group = new ExceptionGroup("m", [new ExceptionGroup("n", [suppressed(values[0], types[0])]), 1]);
    const [rest] = await rejection(exceptStar(group, [ValueError, () => {}]));
    expect(shape(rest)).toEqual(["m", ["n", ["suppressed by a disposal", types[0]]], 1]);
  });

  it("LC-5 the platform's own is recognised where there is one", async () => {
    const Native = (globalThis as { SuppressedError?: new (error: unknown, suppressed: unknown) => Error })
      .SuppressedError;
    if (!Native) return;
    const handler = vi.fn();
    await exceptStar(new Native(values[0], undefined), [() => true, handler]);
    expect((handler.mock.lastCall?.[0] as ExceptionGroup | undefined)?.errors).toEqual([undefined, values[0]]);
  });

  it("LC-5 one that holds itself ends", async () => {
    const knot = suppressed(1, 2);
    knot.suppressed = knot;
    const handler = vi.fn();
    await exceptStar(knot, [() => true, handler]);
    expect((handler.mock.lastCall?.[0] as ExceptionGroup | undefined)?.errors).toEqual([1]);
    knot.error = knot;
    expect((await rejection(exceptStar(knot, [ValueError, handler])))[0]).toBe(knot);
  });
});

describe("properties", () => {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, 0, "", "x"),
    fc.constantFrom<unknown>(...values, ...types, ...oses),
  );
  const { group: anyGroup } = fc.letrec<{ node: unknown; group: ExceptionGroup }>((tie) => ({
    node: fc.oneof({ depthSize: "small" }, leaf, tie("group")),
    group: fc
      .tuple(fc.string(), fc.array(tie("node"), { minLength: 1, maxLength: 4 }))
      .map(([message, errors]) => new ExceptionGroup(message, errors)),
  }));
  const anyMatch = fc.constantFrom(
    ValueError,
    TypeError,
    OsError,
    Error,
    [TypeError, OsError],
    (error: unknown) => !error,
  );

  it("ES-1 every leaf is handled once or comes out, and the order of each is kept", async () => {
    await fc.assert(
      fc.asyncProperty(anyGroup, fc.array(anyMatch, { maxLength: 4 }), async (group, matches) => {
        const handled: unknown[] = [];
        const handler = (part: BaseExceptionGroup) => void handled.push(...leavesOf(part));
        const out = await rejection(exceptStar(group, ...matches.map((match) => [match, handler] as const)));
        const isTaken = (error: unknown) =>
          matches.some((match) => {
            if (Array.isArray(match)) return match.some((item) => error instanceof item);
            return "prototype" in match ? error instanceof (match as typeof Error) : !error;
          });
        const all = leavesOf(group);
        expect(out.flatMap(leavesOf)).toEqual(all.filter((error) => !isTaken(error)));
        expect(handled).toHaveLength(all.filter(isTaken).length);
      }),
    );
  });

  it("ES-1 handlers that throw on what they get change nothing", async () => {
    await fc.assert(
      fc.asyncProperty(anyGroup, fc.array(anyMatch, { maxLength: 4 }), async (group, matches) => {
        const again = (part: unknown) => Promise.reject(part);
        const [out] = await rejection(exceptStar(group, ...matches.map((match) => [match, again] as const)));
        expect(out).toBe(group);
      }),
    );
  });
});

describe("size", { timeout: 30_000 }, () => {
  it("ES-1 10,000 levels don't overflow the stack", async () => {
    let group = new ExceptionGroup("0", [values[0], "leaf"]);
    for (let i = 1; i < 10_000; i++) group = new ExceptionGroup(String(i), [group]);
    const handler = vi.fn();
    const [rest] = await rejection(exceptStar(group, [ValueError, handler]));
    expect(onlyError(handler.mock.lastCall?.[0])).toBe(values[0]);
    expect(onlyError(rest)).toBe("leaf");
  });

  it("LC-5 10,000 disposals that throw don't overflow the stack", async () => {
    let error: unknown = new TimeoutError("body");
    for (let i = 0; i < 10_000; i++) error = suppressed(i, error);
    const handler = vi.fn();
    const [rest] = await rejection(exceptStar(error, [TimeoutError, handler]));
    expect((rest as ExceptionGroup).errors).toHaveLength(10_000);
  });
});
