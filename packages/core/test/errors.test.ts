import { describe, expect, it } from "vitest";
import type * as errors from "../src/errors.ts";
import {
  AbandonedError,
  BaseException,
  CancelledError,
  DisconnectedError,
  InvalidStateError,
  KeyboardInterrupt,
  SystemExit,
  TimeoutError,
} from "../src/errors.ts";

const task = (name: string, id = 1) => ({ id, name, path: ["main", name] });

const cases = [
  [new CancelledError("m"), "AbortError", "COHORT_CANCELLED"],
  [new BaseException("m"), "BaseException", "COHORT_BASE_EXCEPTION"],
  [new KeyboardInterrupt("m"), "KeyboardInterrupt", "COHORT_KEYBOARD_INTERRUPT"],
  [new SystemExit(3), "SystemExit", "COHORT_SYSTEM_EXIT"],
  [new TimeoutError("m"), "TimeoutError", "COHORT_TIMEOUT"],
  [new InvalidStateError("m"), "InvalidStateError", "COHORT_INVALID_STATE"],
  [new AbandonedError([task("a")]), "AbandonedError", "COHORT_ABANDONED"],
  [new DisconnectedError("m"), "DisconnectedError", "COHORT_DISCONNECTED"],
] as const;

/** The same module, evaluated once more: what a second copy of the library in one program is. */
const otherCopy = async () => {
  const url = new URL("../src/errors.ts?other-copy", import.meta.url).href;
  return (await import(/* @vite-ignore */ url)) as typeof errors;
};

describe("errors", () => {
  it.each(cases)("EG-0 %o is an Error called %s with code %s", (error, name, code) => {
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.code).toBe(code);
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(Object.keys(error)).not.toContain("name");
    expect(Object.keys(error)).not.toContain("code");
  });

  it.each(cases)("DX-5 the stack of %o begins with its name", (error, name) => {
    expect(error.stack?.startsWith(`${name}: ${error.message}`)).toBe(true);
  });

  it("EG-0 CancelledError is no BaseException, KeyboardInterrupt and SystemExit are", () => {
    expect(new CancelledError()).not.toBeInstanceOf(BaseException);
    expect(new KeyboardInterrupt()).toBeInstanceOf(BaseException);
    expect(new SystemExit()).toBeInstanceOf(BaseException);
    expect(new BaseException()).not.toBeInstanceOf(KeyboardInterrupt);
  });

  it("CA-3 a CancelledError carries its cause, whatever it is", () => {
    expect(new CancelledError("m", { cause: null }).cause).toBeNull();
    expect(Object.hasOwn(new CancelledError("m"), "cause")).toBe(false);
  });

  it("ER-5 SystemExit carries the exit code, 0 by default", () => {
    expect(new SystemExit().exitCode).toBe(0);
    expect(new SystemExit(78).exitCode).toBe(78);
    expect(new SystemExit(78).message).toContain("78");
  });

  it("CA-8 AbandonedError lists the tasks and keeps its message short", () => {
    const tasks = Array.from({ length: 12 }, (_, i) => task(`t${i}`, i));
    const error = new AbandonedError(tasks);
    tasks.length = 1;
    expect(error.tasks).toHaveLength(12);
    expect(Object.isFrozen(error.tasks)).toBe(true);
    expect(error.message).toContain("main > t9");
    expect(error.message).not.toContain("main > t10");
    expect(error.message).toContain("and 2 more");
    expect(new AbandonedError([task("a")]).message).toBe("stopped waiting for main > a");
  });

  it("DX-8 errors of another copy of the library are recognised, and ours by it", async () => {
    const other = await otherCopy();
    expect(other.TimeoutError).not.toBe(TimeoutError);
    expect(new other.TimeoutError("m")).toBeInstanceOf(TimeoutError);
    expect(new TimeoutError("m")).toBeInstanceOf(other.TimeoutError);
    expect(new other.KeyboardInterrupt("m")).toBeInstanceOf(BaseException);
    expect(new other.TimeoutError("m")).not.toBeInstanceOf(CancelledError);
    expect(new other.BaseException("m")).not.toBeInstanceOf(KeyboardInterrupt);
    class Theirs extends other.TimeoutError {}
    expect(new Theirs("m")).toBeInstanceOf(TimeoutError);
  });

  it("DX-8 a subclass is recognised as any class is, by its prototype alone", async () => {
    const other = await otherCopy();
    class Mine extends TimeoutError {}
    expect(new Mine("m")).toBeInstanceOf(Mine);
    expect(new Mine("m")).toBeInstanceOf(TimeoutError);
    expect(new TimeoutError("m")).not.toBeInstanceOf(Mine);
    expect(new other.TimeoutError("m")).not.toBeInstanceOf(Mine);
  });

  it.each([
    undefined,
    null,
    0,
    "",
    "TimeoutError",
    Symbol("s"),
    {},
    Object.create(null),
    () => 1,
    new Error("COHORT_TIMEOUT"),
    { code: "COHORT_TIMEOUT", name: "TimeoutError", "cohort:brand": ["TimeoutError", "COHORT_TIMEOUT"] },
    TimeoutError.prototype,
    new DOMException("m", "TimeoutError"),
  ])("DX-8 %o is not taken for one of ours", (value) => {
    expect(value instanceof TimeoutError).toBe(false);
  });

  it("DX-8 a revoked proxy is none of ours, and asking doesn't throw", () => {
    const { proxy, revoke } = Proxy.revocable(new TimeoutError("m"), {});
    expect(proxy).toBeInstanceOf(TimeoutError);
    revoke();
    expect(proxy instanceof TimeoutError).toBe(false);
  });

  it("DX-8 asking runs no getter of the error", () => {
    const hostile = Object.defineProperty(new Error("m"), "code", {
      get: () => expect.unreachable(),
    });
    expect(hostile).not.toBeInstanceOf(TimeoutError);
  });

  it("EG-0 a subclass in plain JavaScript may assign its name and code, or override them", () => {
    class Assigned extends TimeoutError {
      constructor(message: string) {
        super(message);
        Object.assign(this, { name: "Assigned", code: "E_ASSIGNED" });
      }
    }
    class Overridden extends TimeoutError {
      override get name() {
        return "Overridden";
      }
    }
    expect(String(new Assigned("m"))).toBe("Assigned: m");
    expect(new Assigned("m").code).toBe("E_ASSIGNED");
    expect(new Assigned("m")).toBeInstanceOf(TimeoutError);
    expect(String(new Overridden("m"))).toBe("Overridden: m");
  });
});
