import { type Case, caseOf } from "../../case.ts";
import { check, equal, rejectionOf, same } from "../../check.ts";
import { pause } from "../pause.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** SY-1, and of SY-2 what isn't LI-2's */
export const mutex: readonly Case[] = [
  caseOf(
    "SY-1",
    "one-at-a-time",
    "lets one in at a time, in the order of their coming",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const enter = async (name: string): Promise<void> => {
        const { release } = await mutex.lock(null);
        trial.say(name);
        await pause(5);
        release();
      };
      await Promise.all(["a", "b", "c"].map(enter));
      equal(trial.log, ["0 a", "5 b", "10 c"], "the log");
    },
  ),
  caseOf("SY-1", "locked", "is locked from lock() to release()", { needs: ["Mutex"] }, async ({ api }) => {
    const mutex = new api.Mutex();
    const seen = [mutex.locked];
    const { release } = await mutex.lock(null);
    seen.push(mutex.locked);
    release();
    equal([...seen, mutex.locked], [false, true, false], "locked");
  }),
  caseOf(
    "SY-1",
    "try-lock",
    "gives a permit by tryLock() if it is free, and none if it isn't",
    { needs: ["Mutex"] },
    ({ api }) => {
      const mutex = new api.Mutex();
      const permit = mutex.tryLock();
      check(permit !== undefined, "the first tryLock() should give a permit");
      check(mutex.tryLock() === undefined, "the second tryLock() should give none");
      permit.release();
      check(mutex.tryLock() !== undefined, "tryLock() should give a permit again");
    },
  ),
  caseOf(
    "SY-1",
    "no-barging",
    "hands the lock over to whoever waits: a newcomer can't get in between",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const { release } = await mutex.lock(null);
      const waiter = mutex.lock(null).then((permit) => (trial.say("waiter"), permit));
      await pause(0);
      release();
      check(mutex.tryLock() === undefined, "tryLock() should give nothing");
      const newcomer = mutex.lock(null).then((permit) => (trial.say("newcomer"), permit));
      (await waiter).release();
      (await newcomer).release();
      equal(trial.log, ["0 waiter", "0 newcomer"], "the log");
    },
  ),
  caseOf(
    "SY-1",
    "release-once",
    "is released once by a permit: a second release() frees nobody else's lock",
    { needs: ["Mutex"] },
    async ({ api }) => {
      const mutex = new api.Mutex();
      const first = await mutex.lock(null);
      first.release();
      const second = await mutex.lock(null);
      first.release();
      equal(mutex.locked, true, "locked");
      second.release();
      equal(mutex.locked, false, "locked");
    },
  ),
  caseOf(
    "SY-1",
    "disposable",
    "has permits that `using` releases",
    { needs: ["Mutex", "async dispose"] },
    async ({ api }) => {
      const mutex = new api.Mutex();
      const permit = await mutex.lock(null);
      permit[Symbol.dispose]();
      equal(mutex.locked, false, "locked");
    },
  ),
  caseOf(
    "SY-1",
    "cancelled-waiter",
    "skips a waiter that was cancelled, and lets the one behind it in",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const { release } = await mutex.lock(null);
      const controller = trial.controller();
      const gone = rejectionOf(mutex.lock(controller.signal), "the cancelled wait");
      const next = mutex.lock(null);
      await pause(0);
      controller.abort(stop);
      same(await gone, stop, "the error");
      release();
      (await next).release();
      equal(mutex.locked, false, "locked");
    },
  ),
  caseOf(
    "SY-1",
    "cancelled-then-released",
    "loses no lock when a waiter is cancelled and the lock released in one turn",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const { release } = await mutex.lock(null);
      const controller = trial.controller();
      const gone = rejectionOf(mutex.lock(controller.signal), "the cancelled wait");
      const next = mutex.lock(null);
      await pause(0);
      controller.abort(stop);
      release();
      same(await gone, stop, "the error");
      (await next).release();
      equal(mutex.locked, false, "locked");
    },
  ),
  caseOf(
    "SY-1",
    "released-then-cancelled",
    "delivers a lock that was handed over before the waiter was cancelled in the same turn",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const { release } = await mutex.lock(null);
      const controller = trial.controller();
      const waiter = mutex.lock(controller.signal);
      await pause(0);
      release();
      controller.abort(stop);
      (await waiter).release();
      equal(mutex.locked, false, "locked");
    },
  ),
  caseOf(
    "SY-1",
    "run",
    "runs one function at a time by run(), gives what it gives, and lets go when it fails",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const first = rejectionOf(
        mutex.run(null, () => pause(5).then(() => Promise.reject(boom))),
        "the first run()",
      );
      const second = mutex.run(null, () => {
        trial.say("second");
        return 2;
      });
      same(await first, boom, "the error of the first");
      equal([await second, trial.log, mutex.locked], [2, ["5 second"], false], "the second's value, the log, locked");
    },
  ),
  caseOf(
    "SY-1",
    "run-cancelled",
    "never calls the function of a run() that is cancelled while it waits",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const { release } = await mutex.lock(null);
      const controller = trial.controller();
      let calls = 0;
      const gone = rejectionOf(
        mutex.run(controller.signal, () => ++calls),
        "run()",
      );
      await pause(0);
      controller.abort(stop);
      same(await gone, stop, "the error");
      release();
      await pause(0);
      equal([calls, mutex.locked], [0, false], "the number of calls, and locked");
    },
  ),
  caseOf(
    "SY-1",
    "run-really-ended",
    "lets nobody in before the function of a cancelled run() has really ended",
    { needs: ["Mutex"] },
    async (trial) => {
      const mutex = new trial.api.Mutex();
      const controller = trial.controller();
      const first = trial.outcome(mutex.run(controller.signal, () => pause(20)));
      await pause(5);
      controller.abort(stop);
      const { release } = await mutex.lock(null);
      trial.say("second");
      release();
      await first;
      equal(trial.log, ["20 second"], "the log");
    },
  ),
  caseOf(
    "SY-2",
    "fifo",
    "lets as many in as a semaphore has permits, the others in the order of their coming",
    { needs: ["Semaphore"] },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(2);
      const enter = async (name: string): Promise<void> => {
        const { release } = await semaphore.acquire(null);
        trial.say(name);
        await pause(5);
        release();
      };
      await Promise.all(["a", "b", "c", "d"].map(enter));
      equal(trial.log, ["0 a", "0 b", "5 c", "5 d"], "the log");
    },
  ),
  caseOf(
    "SY-2",
    "cancelled-waiter",
    "loses no permit of a semaphore to a waiter that is cancelled in the turn of the release",
    { needs: ["Semaphore"] },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      const { release } = await semaphore.acquire(null);
      const controller = trial.controller();
      const gone = trial.outcome(semaphore.acquire(controller.signal));
      const next = semaphore.acquire(null);
      await pause(0);
      controller.abort(stop);
      release();
      (await next).release();
      equal([await gone, semaphore.available], [{ error: stop }, 1], "the cancelled wait, and the free permits");
    },
  ),
];
