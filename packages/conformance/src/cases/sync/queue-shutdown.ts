import { type Case, caseOf } from "../../case.ts";
import { equal, instance, rejectionOf, thrownBy } from "../../check.ts";
import { pause } from "../pause.ts";

/** SY-6, how a queue ends */
export const queueShutdown: readonly Case[] = [
  caseOf(
    "SY-6",
    "shutdown-puts",
    "lets nothing in after shutdown(): who waits to put and who comes gets a QueueShutDown",
    { needs: ["AsyncQueue", "QueueShutDown"] },
    async ({ api }) => {
      const queue = new api.AsyncQueue<number>(1);
      queue.tryPut(1);
      const put = rejectionOf(queue.put(2, null), "the put that waits");
      await pause(0);
      queue.shutdown();
      instance(await put, api.QueueShutDown, "the error of who waited");
      instance(await rejectionOf(queue.put(3, null)), api.QueueShutDown, "the error of who comes");
      instance(
        thrownBy(() => queue.tryPut(4)),
        api.QueueShutDown,
        "the error of tryPut()",
      );
    },
  ),
  caseOf(
    "SY-6",
    "shutdown-gets",
    "gives what is in it after shutdown(), and then a QueueShutDown",
    { needs: ["AsyncQueue", "QueueShutDown"] },
    async ({ api }) => {
      const queue = new api.AsyncQueue<number>();
      queue.tryPut(1);
      queue.tryPut(2);
      queue.shutdown();
      equal([await queue.get(null), queue.tryGet()], [1, 2], "the items");
      instance(await rejectionOf(queue.get(null)), api.QueueShutDown, "the error of get()");
      instance(
        thrownBy(() => queue.tryGet()),
        api.QueueShutDown,
        "the error of tryGet()",
      );
    },
  ),
  caseOf(
    "SY-6",
    "shutdown-waiting-gets",
    "sends who waits to get away with a QueueShutDown when it is shut down",
    { needs: ["AsyncQueue", "QueueShutDown"] },
    async ({ api }) => {
      const queue = new api.AsyncQueue<number>();
      const gets = [queue.get(null), queue.get(null)].map((get) => rejectionOf(get, "the get that waits"));
      await pause(0);
      queue.shutdown();
      for (const error of await Promise.all(gets)) instance(error, api.QueueShutDown, "the error");
    },
  ),
  caseOf(
    "SY-6",
    "shutdown-immediate",
    "drops its items by shutdown({ immediate: true }), and counts them as done",
    { needs: ["AsyncQueue", "QueueShutDown"] },
    async ({ api }) => {
      const queue = new api.AsyncQueue<number>();
      queue.tryPut(1);
      const join = queue.join(null);
      queue.shutdown({ immediate: true });
      await join;
      equal(queue.size, 0, "the size");
      instance(await rejectionOf(queue.get(null)), api.QueueShutDown, "the error of get()");
    },
  ),
  caseOf(
    "SY-6",
    "shutdown-unfinished",
    "waits in join() for items that were taken before an immediate shutdown",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>();
      queue.tryPut(1);
      queue.tryPut(2);
      await queue.get(null);
      queue.shutdown({ immediate: true });
      const join = queue.join(null).then(() => trial.say("joined"));
      await pause(5);
      queue.taskDone();
      await join;
      equal(trial.log, ["5 joined"], "the log");
    },
  ),
];
