import { Condition, InvalidStateError, type Permit } from "@cohort/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Track, track, turn } from "./track.ts";
import { everybody, WHO, type Who } from "./waiters.ts";

const who = fc.nat(WHO - 1);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("lock" as const), who }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("wait" as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("notify" as const), n: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("release" as const), nth: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("turn" as const) }) },
);

/** A right to the mutex, and its permit once that has been given out. */
interface Claim {
  isReleased: boolean;
  permit?: Permit;
}

/** A call of lock or wait, and what it must come to. */
interface Call {
  readonly isWait: boolean;
  readonly who: Who;
  readonly track: Track<unknown>;
  claim: Claim;
  expected: "waiting" | "fulfilled" | Error | typeof InvalidStateError;
  /** Of a wait that is over but for the mutex. */
  outcome?: "fulfilled" | Error;
}

/** A mutex and a condition, told simply. */
class Model {
  holder: Claim | undefined;
  queue: Call[] = [];
  waiting: Call[] = [];

  lock(call: Call): void {
    call.outcome = "fulfilled";
    if (this.holder === undefined) this.enter(call);
    else this.queue.push(call);
  }

  wait(call: Call): void {
    call.claim = this.holder as Claim;
    this.handOver();
    this.waiting.push(call);
  }

  over(call: Call, outcome: "fulfilled" | Error): void {
    this.waiting = this.waiting.filter((other) => other !== call);
    call.outcome = outcome;
    if (this.holder === undefined) this.enter(call);
    else this.queue.push(call);
  }

  release(claim: Claim): void {
    claim.isReleased = true;
    if (this.holder === claim) this.handOver();
  }

  /** `calls` in the order in which they were made. */
  cancel(calls: readonly Call[], gone: Who): void {
    for (const call of calls) {
      if (call.who !== gone) continue;
      if (this.waiting.includes(call)) {
        this.over(call, gone.reason);
      } else if (call.expected === "waiting" && !call.isWait) {
        call.expected = gone.reason;
        this.queue = this.queue.filter((other) => other !== call);
      }
    }
  }

  private enter(call: Call): void {
    if (!call.claim.isReleased) this.holder = call.claim;
    call.expected = call.outcome as "fulfilled" | Error;
  }

  private handOver(): void {
    this.holder = undefined;
    for (let next; this.holder === undefined && (next = this.queue.shift()) !== undefined;) this.enter(next);
  }
}

describe("Condition, in random programs", () => {
  it("LI-2 no wake-up is lost, a wait is over with its mutex locked, and the mutex free in the end (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
        const condition = new Condition();
        const { mutex } = condition;
        const all = everybody();
        const model = new Model();
        const calls: Call[] = [];
        const held: Claim[] = [];
        const make = (isWait: boolean, by: Who, promise: Promise<unknown>): Call => {
          const call: Call = {
            isWait,
            who: by,
            track: track(promise),
            claim: { isReleased: false },
            expected: "waiting",
          };
          calls.push(call);
          if (by.isCancelled) call.expected = by.reason;
          return call;
        };
        const release = (claim: Claim | undefined): void => {
          claim?.permit?.release();
          if (claim !== undefined) model.release(claim);
        };

        for (const next of steps) {
          const by = all["who" in next ? next.who : 0] as Who;
          if (next.do === "lock") {
            const promise = mutex.lock(by.scope);
            const call = make(false, by, promise);
            const { claim } = call;
            void promise.then(
              (permit) => {
                claim.permit = permit;
                held.push(claim);
              },
              () => {},
            );
            if (!by.isCancelled) model.lock(call);
          } else if (next.do === "wait") {
            const call = make(true, by, condition.wait(by.scope));
            if (by.isCancelled) continue;
            if (model.holder === undefined) call.expected = InvalidStateError;
            else model.wait(call);
          } else if (next.do === "notify") {
            if (model.holder === undefined) expect(() => condition.notify(next.n)).toThrow(InvalidStateError);
            else {
              condition.notify(next.n);
              for (const call of model.waiting.slice(0, next.n)) model.over(call, "fulfilled");
            }
          } else if (next.do === "release") {
            release(held.splice(next.nth % held.length, 1)[0]);
          } else if (next.do === "cancel") {
            by.cancel();
            if (by.isCancelled) model.cancel(calls, by);
          } else {
            await turn();
          }
          expect(mutex.locked).toBe(model.holder !== undefined);
        }

        const check = async (): Promise<void> => {
          await turn();
          for (const { track: seen, expected } of calls) {
            if (typeof expected === "function") expect(seen.error).toBeInstanceOf(expected);
            else expect(expected instanceof Error ? seen.error : seen.state).toBe(expected);
          }
        };
        await check();
        while (held.length > 0) {
          release(held.pop());
          await check();
        }
        expect(mutex.locked).toBe(false);
      }),
      { numRuns: 400 },
    );
  }, 60_000);
});
