import { describe, expect, test } from "vitest";
import { errorLine, errorNode, valueLine, valueText } from "../src/recording/error-node.ts";
import type { ErrorNode } from "../src/recording/event.ts";
import { timelineOf } from "../src/recording/timeline.ts";
import { laneNamed } from "./support/lanes.ts";
import { record } from "./support/record.ts";

function bad(): never {
  throw new Error("not for you");
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** What a program can throw or print that throws when it is looked at. */
const hostile: readonly (readonly [string, unknown])[] = [
  ["a revoked proxy", revoked({})],
  ["a revoked proxy of an error", revoked(new Error("gone"))],
  ["a revoked proxy of an array", revoked([])],
  ["a revoked proxy of a function", revoked(() => {})],
  ["a proxy whose traps throw", new Proxy({}, { get: bad, ownKeys: bad, getPrototypeOf: bad, has: bad })],
  [
    "an object whose toJSON and whose tag throw",
    {
      toJSON: bad,
      get [Symbol.toStringTag]() {
        return bad();
      },
    },
  ],
  [
    "an object with a getter that throws",
    {
      get field() {
        return bad();
      },
    },
  ],
  [
    "an object without a prototype that can't be turned into a text",
    Object.assign(Object.create(null), { toJSON: bad }),
  ],
  ["a function whose toString throws", Object.assign(() => {}, { toString: bad })],
  [
    "an error whose every getter throws",
    Object.defineProperties(new Error("x"), {
      name: { get: bad },
      message: { get: bad },
      stack: { get: bad },
      cause: { get: bad },
    }),
  ],
  ["an error with a symbol for a name", Object.assign(new Error("x"), { name: Symbol("name") })],
  [
    "an error whose message can't be turned into a text",
    Object.assign(new Error("x"), { message: Object.create(null) }),
  ],
  ["an AggregateError whose errors are none", Object.assign(new AggregateError([]), { errors: { map: () => 5 } })],
  ["an AggregateError of revoked proxies", new AggregateError([revoked({}), revoked(new Error("gone"))])],
  ["an error with a revoked proxy as its cause", new Error("x", { cause: revoked({}) })],
  ["a list that holds a revoked proxy", [revoked({})]],
];

describe("what can't be looked at", () => {
  test.each(hostile)("is a text and a node all the same: %s", (_, value) => {
    for (const text of [errorLine(value), valueLine(value), valueText(value)]) expect(text).toMatch(/\S/);
    const node = errorNode(value, () => undefined);
    expect(node.name).toMatch(/\S/);
    expect(structuredClone(node)).toEqual(node);
  });

  test("is recorded when a task fails with it: nothing is reported, and all lanes end", async () => {
    const timeline = timelineOf(
      await record(`export default ({ taskGroup }) => taskGroup({ name: "g" }, (g) => {
        g.createTask(async ({ sleep }) => {
          await sleep(10);
          const { proxy, revoke } = Proxy.revocable({}, {});
          revoke();
          throw proxy;
        }, { name: "bad" });
        g.createTask(({ sleep }) => sleep(99), { name: "other" });
      });`),
    );
    expect(timeline.ending).toBe("failed");
    expect(timeline.output).toEqual([]);
    expect(laneNamed(timeline, "bad").segments.at(-1)?.state).toBe("failed");
    expect(laneNamed(timeline, "other").segments.at(-1)?.state).toBe("cancelled");
    expect(timeline.lanes.every(({ segments }) => segments.at(-1)?.to !== undefined)).toBe(true);
  });
});

describe("an exception tree", () => {
  test("in which members are each other's causes isn't followed further than a thousand errors", () => {
    const a = new Error("a");
    const b = new Error("b");
    const group = new AggregateError([a, b], "group");
    // Each level of it has twice as many as the one above.
    a.cause = b.cause = group;
    const count = countOf(errorNode(group, () => undefined));
    expect(count).toBeGreaterThan(1000);
    expect(count).toBeLessThan(3000);
  });

  test("isn't followed deeper than 50 levels, and says what is there", () => {
    let error = new Error("the first");
    for (let n = 0; n < 100; n++) error = new Error(`level ${n}`, { cause: error });
    let node: ErrorNode | undefined = errorNode(error, () => undefined);
    let levels = 0;
    for (; node.cause !== undefined; node = node.cause) levels++;
    expect(levels).toBe(50);
    expect(node.text).toBe("level 49");
  });

  test("keeps every member of one group, however many", () => {
    const many = Array.from({ length: 5000 }, (_, n) => new Error(`member ${n}`));
    const { children } = errorNode(new AggregateError(many), () => undefined);
    expect(children.map(({ text }) => text)).toEqual(many.map(({ message }) => message));
  });
});

function countOf({ children, cause }: ErrorNode): number {
  return 1 + children.reduce((sum, child) => sum + countOf(child), 0) + (cause === undefined ? 0 : countOf(cause));
}
