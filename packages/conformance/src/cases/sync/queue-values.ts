import { type Case, caseOf } from "../../case.ts";
import { equal, rejectionOf, same } from "../../check.ts";
import { pause } from "../pause.ts";
import { drain } from "./drain.ts";

const stop = new Error("stop");

/** SY-6, iteration */
export const queueValues: readonly Case[] = [
  caseOf(
    "SY-6",
    "values",
    "gives the items as they come by values(), and ends when it is shut down and empty",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>();
      const loop = async (): Promise<void> => {
        for await (const item of queue.values(null)) trial.say(`${item}`);
        trial.say("ended");
      };
      const looping = loop();
      queue.tryPut(1);
      await pause(5);
      queue.tryPut(2);
      queue.tryPut(3);
      queue.shutdown();
      await looping;
      equal(trial.log, ["0 1", "5 2", "5 3", "5 ended"], "the log");
    },
  ),
  caseOf(
    "SY-6",
    "values-break",
    "keeps what isn't taken when the loop over values() is left",
    { needs: ["AsyncQueue"] },
    async ({ api }) => {
      const queue = new api.AsyncQueue<number>();
      for (const item of [1, 2, 3]) queue.tryPut(item);
      for await (const item of queue.values(null)) if (item === 2) break;
      equal(drain(queue), [3], "what is left");
    },
  ),
  caseOf(
    "SY-6",
    "values-return",
    "loses no item to a next() of values() that return() has ended",
    { needs: ["AsyncQueue"] },
    async ({ api }) => {
      const queue = new api.AsyncQueue<number>();
      const items = queue.values(null);
      const next = items.next();
      await pause(0);
      await items.return?.();
      equal((await next).done, true, "that next() is done");
      queue.tryPut(1);
      equal(drain(queue), [1], "what is left");
    },
  ),
  caseOf(
    "SY-6",
    "values-cancelled",
    "ends a loop over values() with the reason when its scope is cancelled, and loses no item",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>();
      const controller = trial.controller();
      const loop = async (): Promise<void> => {
        for await (const item of queue.values(controller.signal)) trial.say(`${item}`);
      };
      const looping = rejectionOf(loop(), "the loop");
      await pause(5);
      controller.abort(stop);
      queue.tryPut(1);
      same(await looping, stop, "the error");
      equal([trial.log, drain(queue)], [[], [1]], "the log, and what is left");
    },
  ),
];
