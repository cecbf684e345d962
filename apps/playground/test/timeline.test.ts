import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunEvent } from "../src/recording/event.ts";
import { eventsUntil, type Lane, TimelineBuilder, timelineOf } from "../src/recording/timeline.ts";
import { statesOf } from "./support/lanes.ts";
import { randomProgram } from "./support/random-program.ts";
import { record } from "./support/record.ts";

const SLOW = 60_000;

describe("the timeline of any program", () => {
  test(
    "has a place for every lane, in the order of depth, and an end for each",
    async () => {
      await fc.assert(
        fc.asyncProperty(randomProgram, async (source) => {
          const { lanes, state } = timelineOf(await record(source));
          expect(state).toBe("ended");
          const above: Lane[] = [];
          for (const lane of lanes) {
            above.length = lane.depth;
            expect(lane.parent).toBe(above.at(-1)?.id);
            expect(lane.path).toEqual([...above.map(({ name }) => name), lane.name]);
            above.push(lane);
            checkSegments(lane);
          }
          expect(new Set(lanes.map(({ id }) => id)).size).toBe(lanes.length);
        }),
        { numRuns: 150 },
      );
    },
    SLOW,
  );

  test(
    "lets no lane outlive the one above it: enter together, leave together",
    async () => {
      await fc.assert(
        fc.asyncProperty(randomProgram, async (source) => {
          const { lanes } = timelineOf(await record(source));
          const byId = new Map(lanes.map((lane) => [lane.id, lane]));
          for (const lane of lanes) {
            const parent = lane.parent === undefined ? undefined : (byId.get(lane.parent) as Lane);
            // A task may end before a block that it left open; its group never does.
            const holder = parent?.shape === "task" ? byId.get(parent.parent as number) : parent;
            if (holder !== undefined) expect(endOf(lane)).toBeLessThanOrEqual(endOf(holder));
          }
        }),
        { numRuns: 100 },
      );
    },
    SLOW,
  );

  test(
    "draws arrows only from what was there to what was there, at the moment at which that began to end",
    async () => {
      await fc.assert(
        fc.asyncProperty(randomProgram, async (source) => {
          const { lanes, arrows } = timelineOf(await record(source));
          const byId = new Map(lanes.map((lane) => [lane.id, lane]));
          for (const { from, to, at } of arrows) {
            expect(from).not.toBe(to);
            expect((byId.get(from) as Lane).segments[0]?.from).toBeLessThanOrEqual(at);
            const struck = byId.get(to) as Lane;
            expect(struck.segments[0]?.from).toBeLessThanOrEqual(at);
            expect(endOf(struck)).toBeGreaterThanOrEqual(at);
          }
        }),
        { numRuns: 100 },
      );
    },
    SLOW,
  );

  test(
    "is the same by steps, by jumps and from the start, and going back leaves nothing behind",
    async () => {
      await fc.assert(
        fc.asyncProperty(randomProgram, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), async (source, jumps) => {
          const events = await record(source);
          const builder = new TimelineBuilder();
          for (const event of events) {
            builder.add(event);
            builder.at();
          }
          expect(builder.at()).toEqual(timelineOf(events));
          for (const jump of jumps) {
            const index = jump % (events.length + 1);
            expect(builder.at(index)).toEqual(timelineOf(events.slice(0, index)));
          }
          expect(builder.at()).toEqual(timelineOf(events));
        }),
        { numRuns: 100 },
      );
    },
    SLOW,
  );

  test(
    "never changes what it has given out",
    async () => {
      await fc.assert(
        fc.asyncProperty(randomProgram, fc.nat(), async (source, jump) => {
          const events = await record(source);
          const builder = new TimelineBuilder();
          builder.add(...events);
          const early = builder.at(jump % (events.length + 1));
          const copy = structuredClone(early);
          builder.at();
          builder.at(0);
          expect(early).toEqual(copy);
        }),
        { numRuns: 50 },
      );
    },
    SLOW,
  );
});

function checkSegments({ segments }: Lane): void {
  for (const [index, { from, to = Infinity }] of segments.entries()) {
    expect(from).toBeLessThanOrEqual(to);
    const next = segments[index + 1];
    if (next !== undefined) {
      expect(from).toBeLessThan(to);
      expect(next.from).toBeGreaterThanOrEqual(to);
    }
  }
  const last = segments.at(-1);
  expect(["done", "failed", "cancelled", "dead-on-arrival"]).toContain(last?.state);
  expect(last?.from).toBe(last?.to);
}

function endOf({ segments }: Lane): number {
  return segments.at(-1)?.to ?? Infinity;
}

describe("a timeline", () => {
  const events: readonly RunEvent[] = [
    { kind: "open", at: 0, id: 1, parent: undefined, name: "g", shape: "group" },
    { kind: "create", at: 0, id: 2, parent: 1, name: "a" },
    { kind: "start", at: 5, id: 2 },
    { kind: "output", at: 7, level: "log", text: "hello" },
    { kind: "cancel", at: 10, id: 1, by: undefined, text: "enough" },
    { kind: "end", at: 20, id: 2, state: "cancelled", text: "enough" },
    { kind: "close", at: 20, id: 1, state: "done" },
    { kind: "finish", at: 20, state: "done", result: "1" },
  ];

  test("of nothing is idle", () => {
    expect(timelineOf([])).toEqual({
      lanes: [],
      arrows: [],
      errors: undefined,
      now: 0,
      state: "idle",
      ending: undefined,
      result: undefined,
      output: [],
    });
  });

  test("shows what was known at a moment", () => {
    expect(timelineOf(events, 7).lanes.map(statesOf)).toEqual(["running 0", "pending 0, running 5"]);
    expect(timelineOf(events, 7)).toMatchObject({ now: 7, state: "running", output: [{ text: "hello" }] });
    expect(timelineOf(events, 15).lanes.map(statesOf)).toEqual([
      "running 0, draining 10",
      "pending 0, running 5, draining 10",
    ]);
    expect(timelineOf(events, 15)).toMatchObject({ now: 15, arrows: [{ from: 1, to: 2, at: 10, text: "enough" }] });
  });

  test("doesn't go on after its end", () => {
    expect(timelineOf(events, 1000)).toMatchObject({ now: 20, state: "ended", ending: "done", result: "1" });
  });

  test("counts the events that had happened at a moment, several at one included", () => {
    expect([-1, 0, 4.9, 5, 20, Infinity].map((until) => eventsUntil(events, until))).toEqual([0, 2, 2, 3, 8, 8]);
  });

  test("keeps the lanes to which nothing has happened", () => {
    const builder = new TimelineBuilder();
    builder.add(...events);
    const before = builder.at(3);
    const after = builder.at(4);
    expect(after.lanes[0]).toBe(before.lanes[0]);
    expect(after.arrows).toBe(before.arrows);
  });

  test("of events about what it doesn't know is what it knows", () => {
    const unknown: RunEvent[] = [
      { kind: "start", at: 1, id: 9 },
      { kind: "end", at: 1, id: 9, state: "done" },
      { kind: "cancel", at: 1, id: 9, by: 8, text: "" },
      { kind: "note", at: 1, id: 9, note: "straggler", text: "" },
      { kind: "close", at: 1, id: 9, state: "left" },
    ];
    expect(timelineOf(unknown)).toMatchObject({ lanes: [], arrows: [], state: "running" });
  });

  test(
    "of ten thousand tasks is built, cancelled and stepped through in no time",
    () => {
      const many: RunEvent[] = [{ kind: "open", at: 0, id: 0, parent: undefined, name: "g", shape: "group" }];
      for (let id = 1; id <= 10_000; id++)
        many.push({ kind: "create", at: 0, id, parent: 0, name: `task ${id}` }, { kind: "start", at: 1, id });
      many.push({ kind: "cancel", at: 2, id: 0, by: 5000, text: "failed" });
      for (let id = 1; id <= 10_000; id++) many.push({ kind: "end", at: 3, id, state: "cancelled" });
      const before = performance.now();
      const builder = new TimelineBuilder();
      for (const event of many) builder.add(event);
      const whole = builder.at();
      expect(whole.lanes).toHaveLength(10_001);
      expect(whole.arrows).toHaveLength(10_000);
      // With a rebuild for each step it would be many times that.
      for (let step = 0; step < 200; step++) builder.at(many.length - step);
      expect(performance.now() - before).toBeLessThan(10_000);
    },
    SLOW,
  );
});
