import { describe, expect, it } from "vitest";
import { ExceptionGroup } from "../src/exception-group.ts";
import { onlyError } from "../src/only-error.ts";
import { suppressed } from "./group-fixtures.ts";

const one = new Error("one");
const two = new Error("two");

describe("onlyError", () => {
  it("ER-1 a group of one error gives that error, however deep", () => {
    for (const error of [one, undefined, null, 0, ""]) {
      expect(onlyError(new ExceptionGroup("m", [new ExceptionGroup("n", [error])]))).toBe(error);
    }
  });

  it("ER-1 a group of several errors, and what is no group, comes back", () => {
    for (const error of [
      new ExceptionGroup("m", [one, new ExceptionGroup("n", [two])]),
      new ExceptionGroup("m", [undefined, undefined]),
      new ExceptionGroup("m", ["x", "x"]),
      one,
      undefined,
      0,
    ]) {
      expect(onlyError(error)).toBe(error);
    }
  });

  it("LC-5 a SuppressedError is looked into, and one object that is in there twice counts once", () => {
    const twice = suppressed(new ExceptionGroup("m", [one]), one);
    expect(onlyError(twice)).toBe(one);
    expect(onlyError(new ExceptionGroup("m", [twice]))).toBe(one);
    const both = suppressed(one, two);
    expect(onlyError(both)).toBe(both);
  });
});
