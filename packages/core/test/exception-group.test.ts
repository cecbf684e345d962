import { describe, expect, it } from "vitest";
import { BaseException, KeyboardInterrupt, SystemExit, TimeoutError } from "../src/errors.ts";
import type * as groups from "../src/exception-group.ts";
import { BaseExceptionGroup, ExceptionGroup, groupFailures } from "../src/exception-group.ts";
import { failure, leavesOf, shape, task } from "./group-fixtures.ts";

const otherCopy = async () => {
  const url = new URL("../src/exception-group.ts?other-copy", import.meta.url).href;
  return (await import(/* @vite-ignore */ url)) as typeof groups;
};

describe("making groups", () => {
  it("EG-1 a group is an AggregateError with a frozen copy of its errors, alias exceptions", () => {
    const list: unknown[] = [new TypeError("a"), "b"];
    const group = new ExceptionGroup("m", list);
    list.push("c");
    expect(group).toBeInstanceOf(AggregateError);
    expect(group).toBeInstanceOf(BaseExceptionGroup);
    expect(group.errors).toEqual([new TypeError("a"), "b"]);
    expect(group.exceptions).toBe(group.errors);
    expect(Object.isFrozen(group.errors)).toBe(true);
    expect(Object.hasOwn(group, "errors")).toBe(true);
    expect(() => Object.assign(group, { errors: [] })).toThrow(TypeError);
    expect([group.name, group.code]).toEqual(["ExceptionGroup", "COHORT_EXCEPTION_GROUP"]);
    expect(group.stack?.startsWith("ExceptionGroup: m\n")).toBe(true);
    expect(Object.keys(group)).toEqual([]);
  });

  it("EG-1 any iterable of errors will do", () => {
    function* errors() {
      yield 1;
      yield new Error("2");
    }
    expect(new ExceptionGroup("m", errors()).errors).toEqual([1, new Error("2")]);
    expect(new ExceptionGroup("m", new Set(["a"])).errors).toEqual(["a"]);
  });

  it.each([undefined, null, 1, {}, new Error("m")])("EG-1 the message %o is refused", (message) => {
    expect(() => new ExceptionGroup(message as string, [1])).toThrow(TypeError);
  });

  it.each([undefined, null, 1, {}])("EG-1 the errors %o are refused", (errors) => {
    expect(() => new ExceptionGroup("m", errors as never)).toThrow(TypeError);
  });

  it("EG-1 an empty group is a RangeError", () => {
    expect(() => new ExceptionGroup("m", [])).toThrow(RangeError);
    expect(() => new BaseExceptionGroup("m", new Set())).toThrow(RangeError);
  });

  it("EG-1 a BaseExceptionGroup of plain errors is an ExceptionGroup", () => {
    const group = new BaseExceptionGroup("m", [new Error("a"), new ExceptionGroup("n", [1])], { cause: 0 });
    expect(group).toBeInstanceOf(ExceptionGroup);
    expect(group.name).toBe("ExceptionGroup");
    expect(group.cause).toBe(0);
  });

  it("EG-1 a BaseExceptionGroup holding a BaseException, however deep, is no ExceptionGroup", () => {
    const inner = new BaseExceptionGroup("n", [new SystemExit(1), 2]);
    const outer = new BaseExceptionGroup("m", [inner]);
    for (const group of [inner, outer]) {
      expect(group).not.toBeInstanceOf(ExceptionGroup);
      expect(group.name).toBe("BaseExceptionGroup");
      expect(group.code).toBe("COHORT_BASE_EXCEPTION_GROUP");
    }
    expect(() => new ExceptionGroup("m", [new KeyboardInterrupt()])).toThrow(TypeError);
    expect(() => new ExceptionGroup("m", [1, inner])).toThrow(TypeError);
  });

  it("EG-1 subclasses follow the class that they extend", () => {
    class Plain extends ExceptionGroup {}
    class Base extends BaseExceptionGroup {}
    expect(() => new Plain("m", [new BaseException()])).toThrow(TypeError);
    expect(new Base("m", [new Error("a")])).toBeInstanceOf(Base);
    expect(new Base("m", [new Error("a")])).not.toBeInstanceOf(ExceptionGroup);
    expect(new Base("m", [new BaseException()])).toBeInstanceOf(Base);
    expect(new ExceptionGroup("m", [1])).not.toBeInstanceOf(Plain);
  });

  it("EG-1 the cause is kept, also if it is undefined or null, and absent if not given", () => {
    expect(new ExceptionGroup("m", [1], { cause: null }).cause).toBeNull();
    expect(Object.hasOwn(new ExceptionGroup("m", [1], { cause: undefined }), "cause")).toBe(true);
    expect(Object.hasOwn(new ExceptionGroup("m", [1]), "cause")).toBe(false);
  });

  it("DX-8 groups of another copy of the library count as groups", async () => {
    const other = await otherCopy();
    const foreign = new other.ExceptionGroup("f", [new RangeError("a"), 1]);
    expect(foreign).toBeInstanceOf(ExceptionGroup);
    expect(new ExceptionGroup("m", [1])).toBeInstanceOf(other.BaseExceptionGroup);
    const [matched, rest] = new ExceptionGroup("m", [foreign, 2]).split(RangeError);
    expect(shape(matched)).toEqual(["m", ["f", new RangeError("a")]]);
    expect(shape(rest)).toEqual(["m", ["f", 1], 2]);
  });

  it("DX-8 failures survive a split in a group of another copy of the library", async () => {
    const other = await otherCopy();
    const foreign = other.groupFailures("f", [failure(1, "one"), failure(2, "two")]);
    const [matched] = new ExceptionGroup("m", [foreign]).split((e) => e === 2);
    expect([...(matched?.leaves() ?? [])].map((leaf) => leaf.task?.name)).toEqual(["two"]);
    expect((matched?.errors[0] as BaseExceptionGroup | undefined)?.failures[0]?.task?.name).toBe("two");
  });
});

describe("failures", () => {
  it("ER-2 a group made by hand has failures without tasks", () => {
    const error = new Error("a");
    const group = new ExceptionGroup("m", [error, 1]);
    expect(group.failures).toEqual([
      { error, task: undefined, also: [] },
      { error: 1, task: undefined, also: [] },
    ]);
    expect(group.failures[0]?.error).toBe(error);
    expect(group.failures).toBe(group.failures);
  });

  it("ER-2 the task of each error is known, for primitives, frozen and repeated errors too", () => {
    const frozen = Object.freeze(new Error("frozen"));
    const group = groupFailures("m", [failure("x", "a"), failure("x", "b"), failure(frozen, "c"), failure(undefined)]);
    expect(group.errors).toEqual(["x", "x", frozen, undefined]);
    expect(group.failures.map((f) => f.task?.name)).toEqual(["a", "b", "c", undefined]);
    expect(Object.keys(group)).toEqual([]);
  });

  it("ER-2 two failures with the same primitive stay apart through split", () => {
    const group = groupFailures("m", [failure("x", "a"), failure("y", "b"), failure("x", "c")]);
    const [matched, rest] = group.split((error) => error === "x");
    expect(matched?.failures.map((f) => f.task?.name)).toEqual(["a", "c"]);
    expect(rest?.failures.map((f) => f.task?.name)).toEqual(["b"]);
  });

  it("ER-2 the failure of a nested group that was split holds the part", () => {
    const inner = groupFailures("inner", [failure(1, "a"), failure(2, "b")]);
    const also = [task("other", 9)];
    const outer = groupFailures("outer", [{ error: inner, task: task("parent"), also }]);
    const part = outer.subgroup((error) => error === 2);
    expect(part?.failures[0]?.error).toBe(part?.errors[0]);
    expect(part?.failures[0]).toMatchObject({ task: { name: "parent" }, also });
    expect((part?.errors[0] as BaseExceptionGroup | undefined)?.failures[0]?.task?.name).toBe("b");
  });

  it("OUT-2 groupFailures gives a BaseExceptionGroup if EG-1 says so, and sets the cause", () => {
    expect(groupFailures("m", [failure(1)])).toBeInstanceOf(ExceptionGroup);
    expect(groupFailures("m", [failure(new BaseException())])).not.toBeInstanceOf(ExceptionGroup);
    const cause = new TimeoutError("late");
    expect(groupFailures("m", [failure(1)], { cause }).cause).toBe(cause);
  });
});

describe("leaves", () => {
  it("EG-2 leaves walks the errors that aren't groups, in order", () => {
    const group = new ExceptionGroup("m", [1, new ExceptionGroup("n", [2, new ExceptionGroup("o", [3])]), 4]);
    expect(leavesOf(group)).toEqual([1, 2, 3, 4]);
  });

  it("EG-2 a leaf has the innermost task known on the way, and its path", () => {
    const also = [task("other", 9)];
    const byHand = new ExceptionGroup("by hand", ["x"]);
    const inner = groupFailures("inner", [failure("y", "child"), { error: byHand, task: undefined, also: [] }]);
    const group = groupFailures("outer", [{ error: inner, task: task("parent"), also }, failure("z")]);
    expect([...group.leaves()]).toEqual([
      { error: "y", task: task("child"), also: [], path: ["main", "child"] },
      { error: "x", task: task("parent"), also, path: ["main", "parent"] },
      { error: "z", task: undefined, also: [], path: [] },
    ]);
  });

  it("EG-2 a foreign AggregateError is a leaf", () => {
    const foreign = new AggregateError([1]);
    expect(leavesOf(new ExceptionGroup("m", [foreign]))).toEqual([foreign]);
  });

  it("EG-2 a group that is in there twice is walked and split twice", () => {
    const shared = new ExceptionGroup("s", [1, 2]);
    const group = new ExceptionGroup("m", [shared, shared]);
    expect(leavesOf(group)).toEqual([1, 2, 1, 2]);
    expect(shape(group.subgroup((error) => error === 2))).toEqual(["m", ["s", 2], ["s", 2]]);
  });
});
