import type { Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";
import { withCleanup } from "./with-cleanup.ts";

/** Everything that takes a length of time, with whatever is given to it. */
const takers: readonly [
  name: string,
  what: string,
  needs: readonly Capability[],
  call: (trial: Trial, ms: never, body: () => void) => Promise<unknown>,
][] = [
  ["timeout", "a group's timeout", ["option.timeout"], ({ api }, timeout, body) => api.taskGroup({ timeout }, body)],
  ["grace", "a group's grace", ["option.grace"], ({ api }, grace, body) => api.taskGroup({ grace }, body)],
  [
    "abandon-after",
    "a group's abandonAfter",
    ["option.abandonAfter"],
    ({ api }, abandonAfter, body) => api.taskGroup({ abandonAfter }, body),
  ],
  ["fail-after", "failAfter()", ["failAfter"], ({ api }, ms, body) => api.failAfter(ms, body)],
  ["move-on-after", "moveOnAfter()", ["moveOnAfter"], ({ api }, ms, body) => api.moveOnAfter(ms, body)],
  ["sleep", "sleep()", ["sleep"], ({ api }, ms, body) => api.sleep(ms, null).then(body)],
];

/** TO-6 and TO-7: lengths of time, and moving on. */
export const durations: readonly Case[] = [
  ...takers.flatMap(([name, what, needs, call]) => [
    caseOf(
      "TO-6",
      `refuses-${name}`,
      `${what} of NaN or of less than 0 is a RangeError, and nothing starts`,
      { needs },
      async (trial) => {
        let calls = 0;
        for (const ms of [Number.NaN, -1, -Infinity]) {
          const called = call(trial, ms as never, () => void calls++);
          instance(await rejectionOf(called, `${what} of ${ms}`), RangeError, `what ${ms} rejects with`);
        }
        equal([calls, trial.clock.timers], [0, 0], "the bodies called, and the timers left");
      },
    ),
    caseOf(
      "TO-6",
      `refuses-no-number-${name}`,
      `${what} that is no number is a TypeError, and nothing starts`,
      { needs },
      async (trial) => {
        let calls = 0;
        for (const ms of ["5", null, 5n, {}]) {
          const called = call(trial, ms as never, () => void calls++);
          instance(await rejectionOf(called, what), TypeError, `what a ${typeof ms} rejects with`);
        }
        equal([calls, trial.clock.timers], [0, 0], "the bodies called, and the timers left");
      },
    ),
  ]),

  caseOf(
    "TO-6",
    "refuses-moments",
    "failAt() refuses NaN with a RangeError and no moment with a TypeError, and doesn't call the body",
    { needs: ["failAt"] },
    async (trial) => {
      let calls = 0;
      const at = (when: unknown): Promise<unknown> =>
        rejectionOf(
          trial.api.failAt(when as number, () => void calls++),
          "failAt()",
        );
      instance(await at(Number.NaN), RangeError, "what NaN rejects with");
      instance(await at(new Date(Number.NaN)), RangeError, "what an invalid Date rejects with");
      for (const when of ["10", undefined, null, 10n]) instance(await at(when), TypeError, "what it rejects with");
      equal(calls, 0, "the bodies called");
    },
  ),

  caseOf(
    "TO-6",
    "zero",
    "a timeout of 0 cancels before the body's first wait",
    { needs: ["failAfter", "TimeoutError"] },
    async (trial) => {
      let isCancelled: boolean | undefined;
      let hasWaited = false;
      const block = trial.api.failAfter(0, async (scope) => {
        isCancelled = trial.isCancelled(scope);
        await trial.sleep(scope, 0);
        hasWaited = true;
      });
      instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
      equal([isCancelled, hasWaited], [true, false], "whether the scope is cancelled, and whether the wait succeeded");
    },
  ),

  caseOf(
    "TO-6",
    "zero-of-a-group",
    "a group's timeout of 0 cancels before the body's first wait",
    { needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      let isCancelled: boolean | undefined;
      const block = trial.api.taskGroup({ timeout: 0 }, (group) => {
        isCancelled = trial.isCancelled(group);
        return trial.sleep(group, 0);
      });
      instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
      equal(isCancelled, true, "whether the body's scope is cancelled");
    },
  ),

  caseOf(
    "TO-6",
    "past",
    "a moment in the past cancels before the body's first wait",
    { needs: ["failAt", "TimeoutError"] },
    async (trial) => {
      const seen: boolean[] = [];
      for (const when of [new Date(Date.now() - 1000), new Date(0), -Infinity]) {
        const block = trial.api.failAt(when, (scope) => {
          seen.push(trial.isCancelled(scope));
          return trial.sleep(scope, 0);
        });
        instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
      }
      equal([seen, trial.clock.now()], [[true, true, true], 0], "whether the scopes are cancelled, and the time");
    },
  ),

  ...[2 ** 31, 2 ** 33 + 0.5].map((ms) =>
    caseOf(
      "TO-6",
      `long-timeout-${Math.floor(ms)}`,
      `a timeout of ${ms} ms doesn't fire at once`,
      { needs: ["failAfter", "abortable", "TimeoutError"] },
      async (trial) => {
        equal(await trial.api.failAfter(ms, () => pause(1000).then(() => 7)), 7, "the value of one that is in time");
        const began = trial.clock.now();
        const block = trial.api.failAfter(ms, (scope) => trial.api.abortable(new Promise(() => {}), scope));
        instance(await rejectionOf(block, "the block"), trial.api.TimeoutError, "what it throws");
        check(Math.abs(trial.clock.now() - began - ms) < 1, "it should fire at its time");
      },
    ),
  ),

  caseOf(
    "TO-6",
    "long-group-timeout",
    "a group's timeout of more than 2^31-1 ms doesn't overflow and pass at once",
    { needs: ["option.timeout", "scope.signal", "TimeoutError"] },
    async (trial) => {
      const block = trial.api.taskGroup({ timeout: 2 ** 31 }, (group) => trial.sleep(group, 10).then(() => "in time"));
      equal(await block, "in time");
      const late = trial.api.taskGroup({ timeout: 2 ** 31 }, ({ signal }) => {
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      });
      instance(await rejectionOf(late, "the block"), trial.api.TimeoutError, "what it rejects with");
      equal(Math.round(trial.clock.now()), 2 ** 31 + 10, "the time at the end");
    },
  ),
  caseOf("TO-6", "long-sleep", "a sleep of 2^31 ms isn't over at once", { needs: ["scope.sleep"] }, async (trial) => {
    await trial.api.taskGroup((group) => group.sleep(2 ** 31));
    equal(Math.round(trial.clock.now()), 2 ** 31, "the time at the end");
  }),

  caseOf("TO-6", "infinite", "a timeout of Infinity is no deadline", { needs: ["failAfter"] }, async (trial) => {
    equal(await trial.api.failAfter(Infinity, () => pause(1000).then(() => 7)), 7);
  }),

  caseOf(
    "TO-7",
    "value",
    "moveOnAfter() gives the value of a body that is done in time",
    { needs: ["moveOnAfter"] },
    async (trial) => {
      for (const value of [7, undefined]) {
        equal(await trial.api.moveOnAfter(10, () => value), { timedOut: false, value }, "the result");
      }
      equal(trial.clock.timers, 0, "the timers left");
    },
  ),

  caseOf(
    "TO-7",
    "timed-out",
    "moveOnAfter() gives { timedOut: true } after the body has ended, and throws nothing",
    { needs: ["moveOnAfter"] },
    async (trial) => {
      const result = await trial.api.moveOnAfter(10, (scope) => withCleanup(trial.sleep(scope, 1000), () => pause(40)));
      equal([result, Math.round(trial.clock.now())], [{ timedOut: true }, 50], "the result, and the time at the end");
    },
  ),

  caseOf(
    "TO-7",
    "value-in-spite",
    "moveOnAfter() gives the value of a body that finished in spite of the expiry",
    { needs: ["moveOnAfter"] },
    async (trial) => {
      const result = await trial.api.moveOnAfter(10, (scope) => trial.sleep(scope, 1000).catch(() => 7));
      equal(result, { timedOut: false, value: 7 }, "the result");
    },
  ),

  caseOf(
    "TO-7",
    "own-error",
    "moveOnAfter() throws an error of the body's own, also after the expiry",
    { needs: ["moveOnAfter", "TimeoutError"] },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.moveOnAfter(10, (scope) => trial.sleep(scope, 1000).catch(() => Promise.reject(boom)));
      same(await rejectionOf(block, "the block"), boom, "what it throws");
      const late = new trial.api.TimeoutError("another's");
      same(await rejectionOf(trial.api.moveOnAfter(10, () => Promise.reject(late))), late, "what it throws");
    },
  ),

  caseOf(
    "TO-7",
    "outside-cancel",
    "moveOnAfter() throws an outside cancellation",
    { needs: ["moveOnAfter"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.moveOnAfter(
        10,
        (scope) => {
          setTimeout(() => outside.abort(stop), 5);
          return withCleanup(trial.sleep(scope, 1000), () => pause(20));
        },
        { signal: outside.signal },
      );
      same(await rejectionOf(block, "the block"), stop, "what it throws");
    },
  ),

  caseOf(
    "TO-7",
    "outside-cancel-after-expiry",
    "moveOnAfter() throws an outside cancellation that comes while the body unwinds after the expiry",
    { needs: ["moveOnAfter"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const block = trial.api.moveOnAfter(
        10,
        (scope) =>
          withCleanup(trial.sleep(scope, 1000), async () => {
            await pause(10);
            outside.abort(stop);
          }),
        { signal: outside.signal },
      );
      same(await rejectionOf(block, "the block"), stop, "what it throws");
    },
  ),

  caseOf(
    "TO-7",
    "nested",
    "of nested moveOnAfter() only the one whose time has passed has timed out",
    { needs: ["moveOnAfter", "scope.moveOnAfter"] },
    async (trial) => {
      let inner: unknown;
      const outer = await trial.api.moveOnAfter(20, async (scope) => {
        inner = await scope.moveOnAfter(10, (deeper) => trial.sleep(deeper, 1000));
        return 7;
      });
      equal([inner, outer], [{ timedOut: true }, { timedOut: false, value: 7 }], "the inner and the outer result");
    },
  ),

  caseOf(
    "TO-7",
    "outer-passes-through",
    "an inner moveOnAfter() that the outer's deadline cancels has not timed out: it throws",
    { needs: ["moveOnAfter", "scope.moveOnAfter"] },
    async (trial) => {
      let hasGoneOn = false;
      const outer = await trial.api.moveOnAfter(10, async (scope) => {
        await scope.moveOnAfter(1000, (deeper) => trial.sleep(deeper, 2000));
        hasGoneOn = true;
      });
      equal([outer, hasGoneOn], [{ timedOut: true }, false], "the outer result, and whether the body went on");
    },
  ),
];
