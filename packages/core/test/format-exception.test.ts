import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AbandonedError, CancelledError, TimeoutError } from "../src/errors.ts";
import { type BaseExceptionGroup, ExceptionGroup, groupFailures } from "../src/exception-group.ts";
import { formatException } from "../src/format-exception.ts";

class HttpError extends Error {}

const task = (name: string, id: number) => ({ id, name, path: ["main", "crawl", name] });
const withStack = <E extends Error>(error: E, ...lines: string[]): E =>
  Object.assign(error, { stack: [`${error.name}: ${error.message}`, ...lines].join("\n") });
const bare = <E extends Error>(error: E): E => withStack(error);

describe("formatException", () => {
  it("EG-3 prints the tree with each task's name and path, also those that shared an error, and every cause", () => {
    const http = withStack(
      new HttpError("503", { cause: bare(new TypeError("hung up", { cause: "a string" })) }),
      "    at download (crawl.js:5:9)",
      "    at async main (crawl.js:9:1)",
    );
    const inner = groupFailures("2 pages failed", [
      { error: http, task: task("page-7", 8), also: [task("page-9", 10), task("page-11", 12)] },
      { error: undefined, task: task("page-8", 9), also: [] },
    ]);
    const outer = groupFailures(
      "crawl failed",
      [
        { error: inner, task: task("pages", 2), also: [] },
        { error: "boom", task: undefined, also: [] },
        { error: bare(new AggregateError([1, bare(new RangeError("r"))], "any")), task: undefined, also: [] },
      ],
      { cause: bare(new TimeoutError("3000 ms")) },
    );
    expect(formatException(bare(outer) && (bare(inner), outer))).toBe(
      `
ExceptionGroup: crawl failed
├─ 1 of 3: task pages #2 (main > crawl > pages)
│  ExceptionGroup: 2 pages failed
│  ├─ 1 of 2: task page-7 #8 (main > crawl > page-7), also page-9 #10, also page-11 #12
│  │  HttpError [Error]: 503
│  │      at download (crawl.js:5:9)
│  │      at async main (crawl.js:9:1)
│  │  caused by TypeError: hung up
│  │  caused by "a string" (not an Error)
│  └─ 2 of 2: task page-8 #9 (main > crawl > page-8)
│     undefined (not an Error)
├─ 2 of 3: "boom" (not an Error)
└─ 3 of 3: AggregateError: any
   ├─ 1 of 2: 1 (not an Error)
   └─ 2 of 2: RangeError: r
caused by TimeoutError: 3000 ms
`.trim(),
    );
  });

  it("DX-5 where a task was created is said where it is known", () => {
    for (const createdAt of ["crawl.js:5:9", "    at crawl.js:5:9\n    at main.js:1:1"]) {
      const failure = { error: 1, task: { ...task("t", 1), createdAt }, also: [task("u", 2)] };
      expect(formatException(groupFailures("m", [failure]))).toContain(
        "task t #1 (main > crawl > t), also u #2, created at crawl.js:5:9\n",
      );
    }
  });

  it("EG-3 an error's own stack is shown, without its head", () => {
    const text = formatException(new RangeError("m"));
    expect(text.match(/RangeError: m/g)).toHaveLength(1);
    expect(text).toMatch(/^RangeError: m\n {4}at .*format-exception\.test/);
  });

  it("EG-3 a message of several lines keeps its margin, and isn't mistaken for frames", () => {
    const error = withStack(new Error("first\n    at lunch"), "    at f (f.js:1:1)");
    expect(formatException(new ExceptionGroup("m", [error]))).toContain(
      "└─ 1 of 1: Error: first\n       at lunch\n       at f (f.js:1:1)",
    );
  });

  it("EG-3 frames of JavaScriptCore and SpiderMonkey are shown", () => {
    const error = Object.assign(new Error("e"), { stack: "download@crawl.js:5:9\n@crawl.js:9:1\n" });
    expect(formatException(error)).toBe("Error: e\n    download@crawl.js:5:9\n    @crawl.js:9:1");
  });

  it("EG-3 the class is named where the name doesn't say it", () => {
    expect(formatException(bare(new CancelledError("c")))).toBe("CancelledError [AbortError]: c");
    expect(formatException(bare(new AbandonedError([task("a", 1)])))).toBe(
      "AbandonedError: stopped waiting for main > crawl > a",
    );
    expect(formatException(bare(new DOMException("d", "DataError"))).split("\n")[0]).toBe(
      "DOMException [DataError]: d",
    );
    expect(formatException(bare(new Error()))).toBe("Error");
    class e extends TypeError {}
    expect(formatException(bare(new e("minified")))).toBe("TypeError: minified");
  });

  it("LC-5 the errors of a SuppressedError are listed in the order in which they were thrown", () => {
    const make = (error: unknown, suppressed: unknown) =>
      bare(Object.assign(new Error("s"), { name: "SuppressedError", error, suppressed }));
    expect(formatException(make("close a", make("close b", "body")))).toBe(
      `
SuppressedError: s
├─ 1 of 3: thrown first
│  "body" (not an Error)
├─ 2 of 3: thrown next, by a disposal
│  "close b" (not an Error)
└─ 3 of 3: thrown next, by a disposal
   "close a" (not an Error)
`.trim(),
    );
  });

  it("EG-3 colours are used only on demand", () => {
    const group = groupFailures("m", [{ error: new Error("a\nb"), task: task("t", 1), also: [] }], { cause: 1 });
    const plain = formatException(group);
    const coloured = formatException(group, { colour: true });
    // oxlint-disable-next-line no-control-regex -- that is what a colour is
    const escapes = /\u001B\[\d+m/g;
    expect(plain).not.toMatch(escapes);
    expect(coloured).toMatch(escapes);
    expect(coloured.replace(escapes, "")).toBe(plain);
    expect(formatException(group, { colour: false })).toBe(plain);
  });

  it("EG-3 an error that comes up again is named but not repeated, so cycles end", () => {
    const error = bare(new Error("a"));
    const other = bare(new Error("b", { cause: error }));
    error.cause = other;
    expect(formatException(error)).toBe("Error: a\ncaused by Error: b\ncaused by Error: a (shown above)");
    const shared = formatException(bare(new ExceptionGroup("m", [other, other, "x", "x"])));
    expect(shared.match(/caused by/g)).toHaveLength(2);
    expect(shared.match(/\(shown above\)/g)).toHaveLength(2);
    const self = bare(new AggregateError([], "self"));
    self.errors.push(self);
    expect(formatException(self)).toBe("AggregateError: self\n└─ 1 of 1: AggregateError: self (shown above)");
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [0, "0"],
    ["", '""'],
    [12n, "12n"],
    [Symbol("s"), "Symbol(s)"],
    [{ code: 1 }, '{"code":1}'],
    [function named() {}, "function named"],
    [Object.assign(Object.create(null), { a: 1n }), "[object Object]"],
  ])("ER-3 %o is printed for what it is", (value, text) => {
    expect(formatException(value)).toBe(`${text} (not an Error)`);
  });

  it("ER-3 a huge value is cut short", () => {
    expect(formatException("x".repeat(10_000)).length).toBeLessThan(600);
  });

  describe("errors that lie", () => {
    const boom = () => {
      throw new Error("getter");
    };
    const throwing = Object.defineProperties(new Error("m"), {
      name: { get: boom },
      message: { get: boom },
      stack: { get: boom },
      cause: { get: boom },
      errors: { get: boom },
      constructor: { get: boom },
    });
    const { proxy: revoked, revoke } = Proxy.revocable(new Error("m"), {});
    revoke();
    const endless = {
      *[Symbol.iterator]() {
        for (;;) yield 1;
      },
    };
    const tagless = Object.defineProperties(Object.create(null) as object, {
      toJSON: { value: () => undefined },
      [Symbol.toStringTag]: { get: boom },
    });

    it.each([
      ["getters that throw", throwing],
      ["a revoked proxy", revoked],
      ["a stack that is no string", Object.assign(new Error("m"), { stack: { at: 1 } })],
      ["a stack of call sites", Object.assign(new Error("m"), { stack: [] })],
      [
        "a name and a message that are no strings",
        Object.assign(new Error("m"), { name: Symbol("n"), message: Object.create(null) }),
      ],
      ["errors that are no list", Object.assign(new AggregateError([]), { errors: 7 })],
      ["errors without end", Object.assign(new AggregateError([]), { errors: endless })],
      ["toJSON that throws", { toJSON: boom }],
      ["no prototype", Object.create(null)],
      ["a tag that throws", tagless],
    ])("EG-3 %s: something is printed", (_, error) => {
      for (const thrown of [error, new ExceptionGroup("m", [error, "after"], { cause: error })]) {
        expect(formatException(thrown)).not.toBe("");
      }
      expect(formatException(new ExceptionGroup("m", [error, "after"]))).toContain('2 of 2: "after"');
    });

    it("EG-3 whatever was thrown, the report doesn't fail", () => {
      const props = fc.dictionary(
        fc.constantFrom("name", "message", "stack", "cause", "errors", "error", "suppressed", "failures"),
        fc.anything(),
      );
      fc.assert(
        fc.property(fc.anything(), props, (value, given) => {
          expect(typeof formatException(value)).toBe("string");
          expect(typeof formatException(Object.assign(new Error("m"), given))).toBe("string");
          expect(typeof formatException(given)).toBe("string");
        }),
      );
    });
  });

  describe("size", { timeout: 30_000 }, () => {
    it("EG-3 10,000 levels don't overflow the stack, and the text doesn't grow with their square", () => {
      let group: BaseExceptionGroup = new ExceptionGroup("0", ["leaf"]);
      for (let i = 1; i < 10_000; i++) group = new ExceptionGroup(String(i), [bare(group)]);
      const text = formatException(bare(group));
      expect(text.length).toBeLessThan(2_000_000);
      expect(text).toContain('1 of 1 (level 10000): "leaf"');
    });

    it("EG-3 10,000 causes don't overflow the stack", () => {
      let error = bare(new Error("0"));
      for (let i = 1; i < 10_000; i++) error = bare(new Error(String(i), { cause: error }));
      expect(formatException(error).split("\n")).toHaveLength(10_000);
    });
  });
});
