import type { Scope } from "@cohort/core";
import type { Capability } from "../../capability.ts";
import { type Case, caseOf } from "../../case.ts";
import { check, equal, instance, rejectionOf, same } from "../../check.ts";
import type { Surface } from "../../surface.ts";
import { pause } from "../pause.ts";

type For = Scope | AbortSignal | null;

/** One call that waits: at something where it has to wait, or where it need not. */
interface WaitingCall {
  readonly needs: readonly Capability[];
  /** Gives a call that has to wait, and what lets it through. */
  busy(this: void, api: Surface): { readonly wait: (scope: For) => Promise<unknown>; readonly let: () => void };
  /** Gives a call that need not wait, and what says whether it took or gave something. */
  free(
    this: void,
    api: Surface,
  ): {
    readonly wait: (scope: For) => Promise<unknown>;
    readonly isTouched: () => boolean;
  };
}

const calls: Readonly<Record<string, WaitingCall>> = {
  "semaphore-acquire": {
    needs: ["Semaphore"],
    busy({ Semaphore }) {
      const semaphore = new Semaphore(1);
      const permit = semaphore.tryAcquire();
      return { wait: (scope) => semaphore.acquire(scope), let: () => permit?.release() };
    },
    free({ Semaphore }) {
      const semaphore = new Semaphore(1);
      return { wait: (scope) => semaphore.acquire(scope), isTouched: () => semaphore.available !== 1 };
    },
  },
  "semaphore-run": {
    needs: ["Semaphore"],
    busy({ Semaphore }) {
      const semaphore = new Semaphore(1);
      const permit = semaphore.tryAcquire();
      return { wait: (scope) => semaphore.run(scope, () => {}), let: () => permit?.release() };
    },
    free({ Semaphore }) {
      let isCalled = false;
      const semaphore = new Semaphore(1);
      const wait = (scope: For): Promise<unknown> => semaphore.run(scope, () => void (isCalled = true));
      return { wait, isTouched: () => isCalled || semaphore.available !== 1 };
    },
  },
  "mutex-lock": {
    needs: ["Mutex"],
    busy({ Mutex }) {
      const mutex = new Mutex();
      const permit = mutex.tryLock();
      return { wait: (scope) => mutex.lock(scope), let: () => permit?.release() };
    },
    free({ Mutex }) {
      const mutex = new Mutex();
      return { wait: (scope) => mutex.lock(scope), isTouched: () => mutex.locked };
    },
  },
  "mutex-run": {
    needs: ["Mutex"],
    busy({ Mutex }) {
      const mutex = new Mutex();
      const permit = mutex.tryLock();
      return { wait: (scope) => mutex.run(scope, () => {}), let: () => permit?.release() };
    },
    free({ Mutex }) {
      let isCalled = false;
      const mutex = new Mutex();
      const wait = (scope: For): Promise<unknown> => mutex.run(scope, () => void (isCalled = true));
      return { wait, isTouched: () => isCalled || mutex.locked };
    },
  },
  "event-wait": {
    needs: ["AsyncEvent"],
    busy({ AsyncEvent }) {
      const event = new AsyncEvent();
      return { wait: (scope) => event.wait(scope), let: () => event.set() };
    },
    free({ AsyncEvent }) {
      const event = new AsyncEvent();
      event.set();
      return { wait: (scope) => event.wait(scope), isTouched: () => !event.isSet };
    },
  },
  "condition-wait": {
    needs: ["Condition"],
    busy({ Condition }) {
      const condition = new Condition();
      condition.mutex.tryLock();
      const notify = (): void => void condition.mutex.run(null, () => condition.notify());
      return { wait: (scope) => condition.wait(scope), let: notify };
    },
    free({ Condition }) {
      const condition = new Condition();
      condition.mutex.tryLock();
      return { wait: (scope) => condition.wait(scope), isTouched: () => !condition.mutex.locked };
    },
  },
  "condition-wait-for": {
    needs: ["Condition"],
    busy({ Condition }) {
      const condition = new Condition();
      condition.mutex.tryLock();
      let stock = 0;
      const give = (): void =>
        void condition.mutex.run(null, () => {
          stock++;
          condition.notify();
        });
      return { wait: (scope) => condition.waitFor(() => stock > 0, scope), let: give };
    },
    free({ Condition }) {
      let isAsked = false;
      const condition = new Condition();
      return { wait: (scope) => condition.waitFor(() => (isAsked = true), scope), isTouched: () => isAsked };
    },
  },
  "barrier-wait": {
    needs: ["Barrier"],
    busy({ Barrier }) {
      const barrier = new Barrier(2);
      return { wait: (scope) => barrier.wait(scope), let: () => void barrier.wait(null) };
    },
    free({ Barrier }) {
      let isThrough = false;
      const barrier = new Barrier(2);
      barrier.wait(null).then(
        () => (isThrough = true),
        () => {},
      );
      return { wait: (scope) => barrier.wait(scope), isTouched: () => isThrough };
    },
  },
  "queue-put": {
    needs: ["AsyncQueue"],
    busy({ AsyncQueue }) {
      const queue = new AsyncQueue<number>(1);
      queue.tryPut(1);
      return { wait: (scope) => queue.put(2, scope), let: () => void queue.tryGet() };
    },
    free({ AsyncQueue }) {
      const queue = new AsyncQueue<number>(1);
      return { wait: (scope) => queue.put(1, scope), isTouched: () => queue.size !== 0 };
    },
  },
  "queue-get": {
    needs: ["AsyncQueue"],
    busy({ AsyncQueue }) {
      const queue = new AsyncQueue<number>();
      return { wait: (scope) => queue.get(scope), let: () => queue.tryPut(1) };
    },
    free({ AsyncQueue }) {
      const queue = new AsyncQueue<number>();
      queue.tryPut(1);
      return { wait: (scope) => queue.get(scope), isTouched: () => queue.size !== 1 };
    },
  },
  "queue-join": {
    needs: ["AsyncQueue"],
    busy({ AsyncQueue }) {
      const queue = new AsyncQueue<number>();
      queue.tryPut(1);
      return { wait: (scope) => queue.join(scope), let: () => queue.taskDone() };
    },
    free({ AsyncQueue }) {
      const queue = new AsyncQueue<number>();
      return { wait: (scope) => queue.join(scope), isTouched: () => queue.size !== 0 };
    },
  },
  "queue-values": {
    needs: ["AsyncQueue"],
    busy({ AsyncQueue }) {
      const queue = new AsyncQueue<number>();
      return { wait: async (scope) => queue.values(scope).next(), let: () => queue.tryPut(1) };
    },
    free({ AsyncQueue }) {
      const queue = new AsyncQueue<number>();
      queue.tryPut(1);
      return { wait: async (scope) => queue.values(scope).next(), isTouched: () => queue.size !== 1 };
    },
  },
};

/** SY-8 */
export const waits: readonly Case[] = Object.entries(calls).flatMap(([name, { needs, busy, free }]) => [
  caseOf(
    "SY-8",
    `${name}-for-whom`,
    `refuses a wait that doesn't say for whom with a TypeError, and waits for null: ${name}`,
    { needs },
    async ({ api }) => {
      const { wait, let: letThrough } = busy(api);
      for (const nobody of [undefined, {}, 7]) {
        // A call that throws at once is as good.
        instance(await rejectionOf(Promise.resolve().then(() => wait(nobody as never))), TypeError, "the error");
      }
      const waiting = wait(null);
      await pause(0);
      letThrough();
      await waiting;
    },
  ),
  caseOf(
    "SY-8",
    `${name}-cancelled`,
    `rejects a wait with the reason as soon as its signal is aborted: ${name}`,
    { needs },
    async (trial) => {
      const stop = new Error("stop");
      const controller = trial.controller();
      const waiting = rejectionOf(busy(trial.api).wait(controller.signal), "the wait");
      await pause(5);
      controller.abort(stop);
      same(await waiting, stop, "the error");
      equal(trial.clock.now(), 5, "the time");
    },
  ),

  caseOf(
    "SY-8",
    `${name}-checked-first`,
    `rejects a wait for a cancelled scope although it could be met at once, and takes nothing: ${name}`,
    { needs },
    async (trial) => {
      const stop = new Error("stop");
      const controller = trial.controller();
      controller.abort(stop);
      const { wait, isTouched } = free(trial.api);
      same(await rejectionOf(wait(controller.signal), "the wait"), stop, "the error");
      await pause(0);
      check(!isTouched(), "nothing should be taken or given");
    },
  ),
  ...(hasSecondWait(name)
    ? []
    : [
        caseOf(
          "SY-8",
          `${name}-delivered`,
          `lets a wait through that was met before it was cancelled in the same turn: ${name}`,
          { needs },
          async (trial) => {
            const controller = trial.controller();
            const { wait, let: letThrough } = busy(trial.api);
            const waiting = wait(controller.signal);
            await pause(0);
            letThrough();
            controller.abort(new Error("stop"));
            await waiting;
          },
        ),
      ]),
]);

/** run() is met when its function has ended, and a condition's wait when it has the mutex again. */
function hasSecondWait(name: string): boolean {
  return name.endsWith("-run") || name.startsWith("condition");
}
