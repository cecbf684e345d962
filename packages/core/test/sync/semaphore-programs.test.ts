import { type Permit, Semaphore } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Track, track, turn } from "./track.ts";
import { everybody, WHO, type Who } from "./waiters.ts";

type Step =
  | { readonly do: "acquire" | "cancel"; readonly who: number }
  | { readonly do: "release" | "release again"; readonly nth: number }
  | { readonly do: "tryAcquire" | "turn" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("acquire" as const), who: fc.nat(WHO - 1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("release" as const), nth: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release again" as const), nth: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), who: fc.nat(WHO - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tryAcquire" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
);

/** What a call of acquire must come to. */
interface Call {
  readonly id: number;
  readonly who: Who;
  readonly track: Track<Permit>;
  expected: "waiting" | "fulfilled" | Error;
}

describe("Semaphore, in random programs", () => {
  it("LI-2 permits are conserved, the live are served in order, and nobody is held up (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: "max" }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, permits) => {
          const semaphore = new Semaphore(permits);
          const all = everybody();
          const calls: Call[] = [];
          const held: Permit[] = [];
          const released: Permit[] = [];
          const order: number[] = [];
          // The model: a number and a list.
          let free = permits;
          let queue: Call[] = [];
          const expectedOrder: number[] = [];
          const grant = (call: Call): void => {
            call.expected = "fulfilled";
            expectedOrder.push(call.id);
          };
          const release = (permit: Permit): void => {
            permit.release();
            released.push(permit);
            const next = queue.shift();
            if (next === undefined) free++;
            else grant(next);
          };

          for (const next of steps) {
            if (next.do === "acquire") {
              const who = all[next.who] as Who;
              const id = calls.length;
              const call: Call = { id, who, track: track(semaphore.acquire(who.scope)), expected: "waiting" };
              void call.track.promise.then((permit) => (held.push(permit), order.push(id))).catch(() => {});
              calls.push(call);
              if (who.isCancelled) call.expected = who.reason;
              else if (free === 0) queue.push(call);
              else {
                free--;
                grant(call);
              }
            } else if (next.do === "tryAcquire") {
              const permit = semaphore.tryAcquire();
              expect(permit === undefined).toBe(free === 0);
              if (permit !== undefined) {
                free--;
                held.push(permit);
              }
            } else if (next.do === "release") {
              const [permit] = held.splice(next.nth % held.length, 1);
              if (permit !== undefined) release(permit);
            } else if (next.do === "release again") {
              released[next.nth % released.length]?.release();
            } else if (next.do === "cancel") {
              const who = all[next.who] as Who;
              who.cancel();
              if (who.isCancelled) {
                for (const call of queue) if (call.who === who) call.expected = who.reason;
                queue = queue.filter((call) => call.who !== who);
              }
            } else {
              await turn();
            }
            expect([semaphore.available, semaphore.waiting]).toEqual([free, queue.length]);
          }

          // In the end everybody gives back what they hold, until nobody holds anything.
          await turn();
          for (let permit = held.pop(); permit !== undefined; permit = held.pop()) {
            release(permit);
            await turn();
          }
          expect([semaphore.available, semaphore.waiting]).toEqual([permits, 0]);
          expect(order).toEqual(expectedOrder);
          for (const { track: seen, expected } of calls) {
            expect(expected instanceof Error ? seen.error : seen.state).toBe(expected);
          }
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);
});
