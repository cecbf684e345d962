import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SystemExit, TimeoutError } from "../src/errors.ts";
import { BaseExceptionGroup, ExceptionGroup, groupFailures } from "../src/exception-group.ts";
import type { Match } from "../src/match.ts";
import { failure, leavesOf, shape } from "./group-fixtures.ts";

const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, 0, Number.NaN, "", "x", false),
  fc.constantFrom(TypeError, RangeError).map((E) => new E("leaf")),
);
/** Leaves are repeated on purpose, as the same object and as the same primitive. */
const { tree: anyGroup } = fc.letrec<{ node: unknown; tree: BaseExceptionGroup }>((tie) => ({
  node: fc.oneof({ depthSize: "small", withCrossShrink: true }, anything, tie("tree")),
  tree: fc
    .tuple(fc.string(), fc.array(fc.tuple(tie("node"), fc.option(fc.string())), { minLength: 1, maxLength: 5 }))
    .map(([message, members]) =>
      groupFailures(
        message,
        members.map(([error, name]) => failure(error, name ?? undefined)),
      ),
    ),
}));

describe("split and subgroup", () => {
  class Http extends Error {}
  const nested = () =>
    new ExceptionGroup("outer", [
      new TypeError("t1"),
      new ExceptionGroup("middle", [new RangeError("r1"), new ExceptionGroup("inner", [new TypeError("t2")])]),
      new ExceptionGroup("only ranges", [new RangeError("r2")]),
      "text",
    ]);

  it("EG-2 split keeps nesting, order, message, cause, stack and failures", () => {
    const inner = groupFailures("inner", [failure(new TypeError("t"), "a"), failure(new RangeError("r"), "b")], {
      cause: 1,
    });
    const group = groupFailures("outer", [failure(inner, "c"), failure(0, "d")], { cause: undefined });
    const [matched, rest] = group.split(TypeError);
    expect(shape(matched)).toEqual(["outer", ["inner", new TypeError("t")]]);
    expect(shape(rest)).toEqual(["outer", ["inner", new RangeError("r")], 0]);
    for (const part of [matched, rest]) {
      expect(part).toBeInstanceOf(ExceptionGroup);
      expect(Object.hasOwn(part as object, "cause")).toBe(true);
      expect(part?.stack).toBe(group.stack);
      expect((part?.errors[0] as Error | undefined)?.cause).toBe(1);
      expect(part?.failures[0]?.task?.name).toBe("c");
      expect(Object.keys(part as object)).toEqual([]);
    }
  });

  it("EG-2 empty groups vanish, groups of one stay, order is kept", () => {
    const [matched, rest] = nested().split(TypeError);
    expect(shape(matched)).toEqual(["outer", new TypeError("t1"), ["middle", ["inner", new TypeError("t2")]]]);
    expect(shape(rest)).toEqual([
      "outer",
      ["middle", new RangeError("r1")],
      ["only ranges", new RangeError("r2")],
      "text",
    ]);
  });

  it("EG-2 the group itself is tested first and then is the whole match", () => {
    const group = nested();
    for (const match of [Error, AggregateError, ExceptionGroup, BaseExceptionGroup, [Http, Error], () => true]) {
      expect(group.split(match as Match)).toEqual([group, undefined]);
      expect(group.subgroup(match as Match)).toBe(group);
    }
  });

  it("EG-2 a nested group that matches is taken whole, its members are not asked", () => {
    const group = nested();
    const asked: unknown[] = [];
    const [matched] = group.split((error) => {
      asked.push(error);
      return error instanceof ExceptionGroup && error.message === "middle";
    });
    expect(matched?.errors).toEqual([group.errors[1]]);
    expect(matched?.errors[0]).toBe(group.errors[1]);
    const ranges = group.errors[2] as ExceptionGroup;
    expect(asked).toEqual([group, group.errors[0], group.errors[1], ranges, ranges.errors[0], "text"]);
  });

  it("EG-2 without a match the rest is the group itself", () => {
    const group = nested();
    expect(group.split(Http)).toEqual([undefined, group]);
    expect(group.split([])[1]).toBe(group);
    expect(group.subgroup(Http)).toBeUndefined();
  });

  it("EG-2 an untouched nested group is the same object in its part", () => {
    const group = nested();
    expect(group.split((error) => error === "text")[1]?.errors[1]).toBe(group.errors[1]);
  });

  it("EG-2 a list matches what any of its classes matches", () => {
    expect(shape(nested().subgroup([TypeError, RangeError]))).toEqual(shape(nested().split((e) => e === "text")[1]));
  });

  it("EG-1 the part of a BaseExceptionGroup is an ExceptionGroup where its members allow", () => {
    const exit = new SystemExit(1);
    const [matched, rest] = new BaseExceptionGroup("m", [exit, new Error("a")]).split(SystemExit);
    expect(matched).not.toBeInstanceOf(ExceptionGroup);
    expect(matched?.errors).toEqual([exit]);
    expect(rest).toBeInstanceOf(ExceptionGroup);
  });

  describe("what is a class and what is a predicate", () => {
    abstract class Abstract extends Error {}
    class Concrete extends Abstract {}
    class NoError {}
    class Branded {
      static [Symbol.hasInstance](value: unknown) {
        return value === 7;
      }
    }
    const branded = Object.defineProperty(() => true, Symbol.hasInstance, { value: (value: unknown) => value === 7 });
    function Es5Error(this: object) {}
    Es5Error.prototype = Object.create(Error.prototype, { constructor: { value: Es5Error } });
    function Es5WithMethods(this: object) {}
    Es5WithMethods.prototype.method = () => 1;
    function Bare(this: object) {}
    const make = (constructor: unknown) => Reflect.construct(constructor as () => void, []) as unknown;

    it.each([
      ["a built-in", TypeError, new TypeError("a")],
      ["a DOM class", DOMException, new DOMException("a")],
      ["an abstract class", Abstract, new Concrete("a")],
      ["a class that is no error", NoError, new NoError()],
      ["a class with its own hasInstance", Branded, 7],
      ["a function with its own hasInstance", branded, 7],
      ["an ES5 subclass of Error", Es5Error, make(Es5Error)],
      ["an ES5 class with methods", Es5WithMethods, make(Es5WithMethods)],
      ["an error class of ours", TimeoutError, new TimeoutError("a")],
      ["a proxied class", new Proxy(TypeError, {}), new TypeError("a")],
      ["a bare ES5 class in a list", [Bare], make(Bare)],
      ["a bound class in a list", [TypeError.bind(undefined)], new TypeError("a")],
    ])("EG-2 %s is a class", (_, match, error) => {
      const group = new ExceptionGroup("m", ["no", error, {}]);
      expect(group.subgroup(match as unknown as Match)?.errors).toEqual([error]);
    });

    const isNo = { method: (error: unknown) => error === "no" };
    it.each([
      ["an arrow", (error: unknown) => error === "no"],
      ["a method", isNo.method],
      ["a function", function (error: unknown) { return error === "no"; }], // prettier-ignore
      ["a bound function", isNo.method.bind(isNo)],
    ])("EG-2 %s is a predicate", (_, match) => {
      expect(new ExceptionGroup("m", ["no", "yes"]).subgroup(match)?.errors).toEqual(["no"]);
    });

    it.each([undefined, null, "TypeError", 1, {}, [1], [TypeError, "x"], new Error("m"), /x/])(
      "EG-2 %o is a TypeError",
      (match) => {
        expect(() => nested().split(match as unknown as Match)).toThrow(TypeError);
        expect(() => nested().subgroup(match as unknown as Match)).toThrow(TypeError);
      },
    );
  });

  describe("derive", () => {
    class Coded extends ExceptionGroup {
      readonly exitCode: number;
      constructor(message: string, errors: Iterable<unknown>, exitCode: number) {
        super(message, errors);
        this.exitCode = exitCode;
      }
      override derive(errors: readonly unknown[]) {
        return new Coded(this.message, errors, this.exitCode);
      }
    }

    it("EG-2 without derive a part of a subclass is a plain group", () => {
      class Mine extends ExceptionGroup {}
      const part = new Mine("m", [1, 2]).subgroup((error) => error === 1);
      expect(part).toBeInstanceOf(ExceptionGroup);
      expect(part).not.toBeInstanceOf(Mine);
    });

    it("EG-2 derive keeps the subclass and its fields at each level", () => {
      const [matched, rest] = new Coded("m", [new Coded("n", [1, 2], 8), 1], 7).split((error) => error === 1);
      for (const part of [matched, rest]) {
        expect(part).toBeInstanceOf(Coded);
        expect((part as Coded).exitCode).toBe(7);
        expect((part?.errors[0] as Coded | undefined)?.exitCode).toBe(8);
      }
    });

    it("EG-2 a derive that gives no group is a TypeError", () => {
      class Wrong extends ExceptionGroup {
        override derive() {
          return [] as never;
        }
      }
      expect(() => new Wrong("m", [1, 2]).split((error) => error === 1)).toThrow(TypeError);
    });

    it("ER-2 failures follow errors that derive replaced, and stay away from a list that it changed", () => {
      class Wrapping extends ExceptionGroup {
        override derive(errors: readonly unknown[]) {
          return new ExceptionGroup(
            this.message,
            errors.map((error) => ({ wrapped: error })),
          );
        }
      }
      class Adding extends ExceptionGroup {
        override derive(errors: readonly unknown[]) {
          return new ExceptionGroup(this.message, [...errors, "note"]);
        }
      }
      const is1 = (error: unknown) => error === 1;
      const named = (group: BaseExceptionGroup) =>
        Object.defineProperty(group, "failures", { value: [failure(1, "a"), failure(2, "b")] });
      expect(named(new Wrapping("m", [1, 2])).subgroup(is1)?.failures).toEqual([failure({ wrapped: 1 }, "a")]);
      expect(named(new Adding("m", [1, 2])).subgroup(is1)?.failures).toEqual([failure(1), failure("note")]);
    });

    it("EG-2 a part that can't be changed is still a part", () => {
      class Frozen extends ExceptionGroup {
        override derive(errors: readonly unknown[]) {
          return Object.freeze(new ExceptionGroup(this.message, errors));
        }
      }
      const part = new Frozen("m", [1, 2], { cause: 3 }).subgroup((error) => error === 1);
      expect(part?.errors).toEqual([1]);
      expect(part?.failures).toEqual([failure(1)]);
    });
  });
});

describe("properties", () => {
  const predicates = fc.constantFrom<(error: unknown) => boolean>(
    (error) => error instanceof TypeError,
    (error) => !error,
    (error) => typeof error === "string",
    (error) => error instanceof BaseExceptionGroup && error.errors.length > 2,
    () => false,
    () => true,
  );

  it("EG-2 each leaf is in exactly one part, in order, with its task", () => {
    fc.assert(
      fc.property(anyGroup, predicates, (group, matches) => {
        const sides: boolean[] = [];
        // Which side each leaf must be on, told by the plain recursive definition.
        const visit = (error: unknown, taken: boolean) => {
          const isTaken = taken || matches(error);
          if (error instanceof BaseExceptionGroup) for (const member of error.errors) visit(member, isTaken);
          else sides.push(isTaken);
        };
        visit(group, false);
        const leaves = [...group.leaves()];
        const [matched, rest] = group.split(matches);
        const parts = [matched, rest].map((part) => (part ? [...part.leaves()] : []));
        expect(parts[0]).toEqual(leaves.filter((_, i) => sides[i]));
        expect(parts[1]).toEqual(leaves.filter((_, i) => !sides[i]));
      }),
    );
  });

  it("EG-2 split never changes the group, and subgroup is its first half", () => {
    fc.assert(
      fc.property(anyGroup, predicates, (group, matches) => {
        const before = shape(group);
        const failures = group.failures;
        expect(shape(group.subgroup(matches))).toEqual(shape(group.split(matches)[0]));
        expect(shape(group)).toEqual(before);
        expect(group.failures).toBe(failures);
      }),
    );
  });

  it("ER-2 in every part failures and errors go together", () => {
    fc.assert(
      fc.property(anyGroup, predicates, (group, matches) => {
        for (const part of group.split(matches)) {
          expect(part?.failures.map(({ error }) => error)).toEqual(part?.errors);
        }
      }),
    );
  });
});

describe("size", { timeout: 30_000 }, () => {
  const deep = (levels: number) => {
    let group = new ExceptionGroup("0", ["leaf", new TypeError("leaf")]);
    for (let i = 1; i < levels; i++) group = new ExceptionGroup(String(i), [group]);
    return group;
  };

  it("EG-2 10,000 levels don't overflow the stack", () => {
    const group = deep(10_000);
    const [matched, rest] = group.split(TypeError);
    expect(leavesOf(matched)).toEqual([new TypeError("leaf")]);
    expect(leavesOf(rest)).toEqual(["leaf"]);
    let levels = 0;
    for (let at: unknown = matched; at instanceof ExceptionGroup; at = at.errors[0]) levels++;
    expect(levels).toBe(10_000);
  });

  it("EG-2 100,000 members are no burden", () => {
    const group = groupFailures(
      "m",
      Array.from({ length: 100_000 }, (_, i) => failure(i, `t${i}`)),
    );
    const [even, odd] = group.split((error) => typeof error === "number" && error % 2 === 0);
    expect([even?.errors.length, odd?.errors.length]).toEqual([50_000, 50_000]);
    expect(odd?.failures.at(-1)?.task?.name).toBe("t99999");
    expect([...group.leaves()]).toHaveLength(100_000);
  });
});
