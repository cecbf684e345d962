import type { Condition } from "@cohort/core";
import { type Case, caseOf } from "../../case.ts";
import { equal, instance, rejectionOf, same, thrownBy } from "../../check.ts";
import type { Trial } from "../../trial.ts";
import { pause } from "../pause.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** Waits with the mutex locked, says so, and holds the mutex for `ms` more. */
async function waiter(trial: Trial, condition: Condition, name: string, signal?: AbortSignal, ms = 0): Promise<void> {
  const { release } = await condition.mutex.lock(null);
  try {
    await condition.wait(signal ?? null);
    trial.say(name);
    if (ms > 0) await pause(ms);
  } finally {
    release();
  }
}

/** SY-4 */
export const condition: readonly Case[] = [
  caseOf(
    "SY-4",
    "needs-lock",
    "refuses wait(), notify() and notifyAll() while its mutex isn't locked",
    { needs: ["Condition", "InvalidStateError"] },
    async ({ api }) => {
      const condition = new api.Condition();
      instance(await rejectionOf(condition.wait(null), "wait()"), api.InvalidStateError, "the error of wait()");
      instance(
        thrownBy(() => condition.notify()),
        api.InvalidStateError,
        "the error of notify()",
      );
      instance(
        thrownBy(() => condition.notifyAll()),
        api.InvalidStateError,
        "the error of notifyAll()",
      );
    },
  ),
  caseOf(
    "SY-4",
    "wait",
    "lets its mutex go while somebody waits, and has it locked again when they go on",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      const { mutex } = condition;
      const permit = await mutex.lock(null);
      const wait = condition.wait(null);
      await pause(0);
      equal(mutex.locked, false, "locked, while it waits");
      const other = await mutex.lock(null);
      condition.notify();
      await pause(5);
      equal(trial.clock.now(), 5, "the time");
      other.release();
      await wait;
      equal(mutex.locked, true, "locked, after the wait");
      permit.release();
      equal(mutex.locked, false, "locked, in the end");
    },
  ),
  caseOf(
    "SY-4",
    "own-mutex",
    "uses the mutex that it is given, which others may share",
    { needs: ["Condition", "Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const [full, empty] = [new trial.api.Condition(mutex), new trial.api.Condition(mutex)];
      same(full.mutex, mutex, "the mutex");
      const waits = [waiter(trial, full, "full"), waiter(trial, empty, "empty")];
      await pause(0);
      await mutex.run(null, () => empty.notify());
      await pause(5);
      await mutex.run(null, () => full.notify());
      await Promise.all(waits);
      equal(trial.log, ["0 empty", "5 full"], "the log");
    },
  ),
  caseOf(
    "SY-4",
    "notify-order",
    "wakes the first n who wait by notify(n), one with the mutex at a time",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      const waits = ["a", "b", "c"].map((name) => waiter(trial, condition, name, undefined, 5));
      await pause(1);
      await condition.mutex.run(null, () => condition.notify(2));
      await pause(99);
      await condition.mutex.run(null, () => condition.notify());
      await Promise.all(waits);
      equal(trial.log, ["1 a", "6 b", "100 c"], "the log");
    },
  ),
  caseOf("SY-4", "notify-all", "wakes everybody by notifyAll()", { needs: ["Condition"] }, async (trial) => {
    const condition = new trial.api.Condition();
    const waits = ["a", "b", "c"].map((name) => waiter(trial, condition, name));
    await pause(1);
    await condition.mutex.run(null, () => condition.notifyAll());
    await Promise.all(waits);
    equal(trial.log, ["1 a", "1 b", "1 c"], "the log");
  }),
  caseOf(
    "SY-4",
    "notify-nobody",
    "forgets a notification when nobody waits",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      await condition.mutex.run(null, () => condition.notify());
      const wait = waiter(trial, condition, "woken");
      await pause(5);
      await condition.mutex.run(null, () => condition.notify());
      await wait;
      equal(trial.log, ["5 woken"], "the log");
    },
  ),
  caseOf(
    "SY-4",
    "cancelled",
    "rejects a cancelled wait with the reason, and with the mutex locked again",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      const controller = trial.controller();
      const { release } = await condition.mutex.lock(null);
      const wait = rejectionOf(condition.wait(controller.signal), "the wait");
      await pause(5);
      controller.abort(stop);
      same(await wait, stop, "the error");
      equal(condition.mutex.locked, true, "locked");
      release();
      equal(condition.mutex.locked, false, "locked, in the end");
    },
  ),
  caseOf(
    "SY-4",
    "cancelled-contested",
    "lets a cancelled wait go on only when it has the mutex, which somebody else holds",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      const controller = trial.controller();
      const { release } = await condition.mutex.lock(null);
      const wait = rejectionOf(condition.wait(controller.signal), "the wait").then((error) => {
        trial.say("rejected");
        return error;
      });
      const other = condition.mutex.run(null, () => pause(20));
      await pause(5);
      controller.abort(stop);
      same(await wait, stop, "the error");
      equal([trial.log, condition.mutex.locked], [["20 rejected"], true], "the log, and locked");
      release();
      await other;
    },
  ),
  caseOf(
    "SY-4",
    "cancelled-before-notify",
    "gives a notification to somebody else if the first who waited was cancelled before it in the same turn",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      const controller = trial.controller();
      const gone = trial.outcome(waiter(trial, condition, "first", controller.signal));
      const other = waiter(trial, condition, "second");
      await pause(5);
      await condition.mutex.run(null, () => {
        controller.abort(stop);
        condition.notify();
      });
      await other;
      equal([await gone, trial.log], [{ error: stop }, ["5 second"]], "the first's outcome, and the log");
    },
  ),
  caseOf(
    "SY-4",
    "cancelled-after-notify",
    "loses no notification to a consumer that is cancelled in the turn of the notification",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      const { mutex } = condition;
      let stock = 0;
      const consume = async (signal: AbortSignal | null): Promise<void> => {
        const { release } = await mutex.lock(null);
        try {
          await condition.waitFor(() => stock > 0, signal);
          stock--;
        } finally {
          release();
        }
      };
      const controller = trial.controller();
      const first = trial.outcome(consume(controller.signal));
      const second = consume(null);
      await pause(5);
      await mutex.run(null, () => {
        stock++;
        condition.notify();
        controller.abort(stop);
      });
      const outcome = await first;
      // Whoever took it, one item was there for one notification; a second one is for who has none.
      if ("value" in outcome) {
        await mutex.run(null, () => {
          stock++;
          condition.notify();
        });
      }
      await second;
      equal([stock, mutex.locked], [0, false], "the stock, and locked");
    },
  ),
  caseOf(
    "SY-4",
    "wait-for",
    "waits in waitFor() until the predicate is true, asked after each notification",
    { needs: ["Condition"] },
    async (trial) => {
      const condition = new trial.api.Condition();
      let stock = 0;
      const wait = condition.mutex.run(null, async () => {
        await condition.waitFor(() => stock >= 2, null);
        trial.say(`stock ${stock}`);
      });
      for (const _ of "abc") {
        await pause(5);
        await condition.mutex.run(null, () => {
          stock++;
          condition.notify();
        });
      }
      await wait;
      equal(trial.log, ["10 stock 2"], "the log");
    },
  ),
  caseOf(
    "SY-4",
    "wait-for-at-once",
    "needs no lock in waitFor() if the predicate is true at once, and one if it isn't",
    { needs: ["Condition", "InvalidStateError"] },
    async ({ api }) => {
      const condition = new api.Condition();
      await condition.waitFor(() => true, null);
      instance(await rejectionOf(condition.waitFor(() => false, null)), api.InvalidStateError, "the error");
    },
  ),
  caseOf(
    "SY-4",
    "predicate-throws",
    "rejects waitFor() with what the predicate throws, with the mutex locked",
    { needs: ["Condition"] },
    async ({ api }) => {
      const condition = new api.Condition();
      const { release } = await condition.mutex.lock(null);
      let asked = 0;
      const wait = rejectionOf(
        condition.waitFor(() => {
          if (++asked === 2) throw boom;
          return false;
        }, null),
        "waitFor()",
      );
      await pause(5);
      await condition.mutex.run(null, () => condition.notify());
      same(await wait, boom, "the error");
      equal(condition.mutex.locked, true, "locked");
      release();
    },
  ),
];
