import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");

/** RT-5: what is different in a host for Workers */
export const workerLimits: readonly Case[] = [
  caseOf(
    "RT-5",
    "reason-copy",
    "takes a copy of the reason, which workerd's own functions reject with, for the cancellation",
    { revision: 2, needs: ["handler", "option.signal"] },
    async (trial) => {
      const reasons = [
        new RangeError("the caller has enough"),
        Object.assign(new Error("m"), { name: "Own", code: "OWN" }),
      ];
      const { scheduler } = globalThis as unknown as {
        readonly scheduler?: { wait(ms: number, options: object): Promise<void> };
      };
      for (const reason of reasons) {
        const controller = trial.controller();
        setTimeout(() => controller.abort(reason), 5);
        const block = trial.api.taskGroup({ signal: controller.signal }, (group) => {
          group.createTask(async ({ signal }) => {
            // Real time, of which none passes: the cancellation ends it.
            if (typeof scheduler?.wait === "function") await scheduler.wait(60_000, { signal });
            await new Promise((_, reject) => {
              const copy = (): void => reject(Object.assign(new Error(reason.message), { name: reason.name }));
              signal.addEventListener("abort", copy, { once: true });
            });
          });
        });
        equal(await rejectionOf(block), reason, "what the block rejects with");
      }
    },
  ),
  caseOf(
    "RT-5",
    "not-a-copy",
    "takes an error of its own for a failure, although it wraps the reason or has a like text",
    { revision: 2, needs: ["handler", "option.signal", "ExceptionGroup"] },
    async (trial) => {
      const reason = new RangeError("the caller has enough");
      const own = [
        new TypeError(reason.message),
        new Error("rollback failed", { cause: reason }),
        new RangeError(reason.message, { cause: reason }),
      ];
      const controller = trial.controller();
      setTimeout(() => controller.abort(reason), 5);
      const block = trial.api.taskGroup({ signal: controller.signal }, (group) => {
        for (const error of own) {
          group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(error)));
        }
      });
      const error = await rejectionOf(block);
      check(error instanceof trial.api.ExceptionGroup, "it should reject with an ExceptionGroup");
      equal(error.errors, own, "the errors");
    },
  ),
  caseOf(
    "RT-5",
    "frozen-clock",
    "lets deadlines expire although the clock stands still, as in Workers between two I/O operations",
    { revision: 2, needs: ["option.timeout", "TimeoutError"] },
    async (trial) => {
      const [clocks, at] = [
        [Date, performance],
        [Date.now(), performance.now()],
      ];
      const restore = clocks.map((clock, index) => {
        const before = Object.getOwnPropertyDescriptor(clock, "now");
        Object.defineProperty(clock, "now", { configurable: true, writable: true, value: () => at[index] });
        return () => before && Object.defineProperty(clock, "now", before);
      });
      try {
        const error = await rejectionOf(trial.api.taskGroup({ timeout: 10 }, (group) => trial.sleep(group, 1000)));
        check(error instanceof trial.api.TimeoutError, "it should reject with a TimeoutError");
        equal(trial.clock.now(), 10, "when");
      } finally {
        for (const undo of restore) undo();
      }
    },
  ),
  caseOf(
    "RT-5",
    "six-connections",
    "gives back every connection, and every place in the line for one, where the host has six at once",
    { revision: 2, needs: ["scope.signal"] },
    async (trial) => {
      const line: (() => void)[] = [];
      let open = 0;
      /** As the host's fetch: the seventh waits for one of the six, and its signal ends both. */
      const connect = (signal: AbortSignal): Promise<void> =>
        new Promise((resolve, reject) => {
          const begin = (): void => {
            open++;
            const timer = setTimeout(() => end(resolve), 10);
            const end = (settle: () => void): void => {
              open--;
              signal.removeEventListener("abort", abort);
              clearTimeout(timer);
              line.shift()?.();
              settle();
            };
            const abort = (): void => end(() => reject(signal.reason as Error));
            signal.removeEventListener("abort", leave);
            signal.addEventListener("abort", abort, { once: true });
          };
          const leave = (): void => {
            line.splice(line.indexOf(begin), 1);
            reject(signal.reason as Error);
          };
          if (open < 6) return begin();
          line.push(begin);
          signal.addEventListener("abort", leave, { once: true });
        });
      let done = 0;
      const block = trial.api.taskGroup((group) => {
        for (let n = 0; n < 30; n++) group.createTask(({ signal }) => connect(signal).then(() => done++));
        group.createTask(() => pause(25).then(() => Promise.reject(boom)));
      });
      await rejectionOf(block);
      equal([done, open, line.length, trial.clock.now()], [12, 0, 0, 25], "done, open, in line, and when");
    },
  ),
  caseOf(
    "RT-5",
    "held-wait",
    "holds a timer of its own while it waits at a Semaphore: a request that waits with nothing pending is ended",
    { revision: 2, needs: ["handler", "Semaphore", "Mutex"] },
    async (trial) => {
      const [semaphore, mutex] = [new trial.api.Semaphore(1), new trial.api.Mutex()];
      const [permit, place] = [await semaphore.acquire(null), await mutex.lock(null)];
      const seen: number[] = [];
      await trial.api.taskGroup(async (group) => {
        group.createTask((task) => semaphore.run(task, () => {}));
        group.createTask((task) => mutex.run(task, () => {}));
        await trial.clock.settle();
        seen.push(trial.clock.timers);
        permit.release();
        place.release();
        await trial.clock.settle();
        seen.push(trial.clock.timers);
      });
      equal(seen, [2, 0], "the timers while two wait, and afterwards");
    },
  ),
];
