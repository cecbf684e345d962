import { expect, test } from "vitest";
import type { RunEvent } from "../src/recording/event.ts";
import { Batch } from "../src/run/batch.ts";

const starts: readonly RunEvent[] = Array.from({ length: 1201 }, (_, id) => ({ kind: "start", at: 0, id }));

test("a burst of events crosses in one message, in order, and only once", () => {
  const sent: (readonly RunEvent[])[] = [];
  const batch = new Batch((events) => sent.push(events));
  for (const event of starts) batch.add(event);
  expect(sent).toEqual([]);
  batch.flush();
  batch.flush();
  expect(sent).toEqual([starts]);
});

test("events that nobody flushes cross by themselves, together", async () => {
  const sent = await new Promise((resolve) => {
    const batch = new Batch(resolve);
    for (const event of starts.slice(0, 3)) batch.add(event);
  });
  expect(sent).toEqual(starts.slice(0, 3));
});
