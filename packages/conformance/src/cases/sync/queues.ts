import { type Case, caseOf } from "../../case.ts";
import { equal, instance, rejectionOf, thrownBy } from "../../check.ts";
import { pause } from "../pause.ts";
import { drain } from "./drain.ts";

const stop = new Error("stop");

const cancellation: readonly Case[] = [
  caseOf(
    "SY-6",
    "cancelled-get",
    "gives the item to the next getter if the first was cancelled in the turn of the put",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>();
      const controller = trial.controller();
      const gone = trial.outcome(queue.get(controller.signal));
      const next = queue.get(null);
      await pause(0);
      controller.abort(stop);
      queue.tryPut(1);
      equal([await next, await gone], [1, { error: stop }], "the item, and the cancelled get");
    },
  ),
  caseOf(
    "SY-6",
    "put-then-cancelled",
    "loses no item when a getter is cancelled just after the put in the same turn",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>();
      const controller = trial.controller();
      const get = trial.outcome(queue.get(controller.signal));
      await pause(0);
      queue.tryPut(1);
      controller.abort(stop);
      const outcome = await get;
      // Delivered, as the clause has it; or still in the queue would be as good.
      equal("value" in outcome ? [outcome.value] : drain(queue), [1], "the item, wherever it is");
      equal(queue.size, 0, "the size");
    },
  ),
  caseOf(
    "SY-6",
    "cancelled-put",
    "doesn't have the item of a put that was cancelled while it waited for room",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>(1);
      queue.tryPut(1);
      const controller = trial.controller();
      const gone = trial.outcome(queue.put(2, controller.signal));
      const next = queue.put(3, null);
      await pause(0);
      controller.abort(stop);
      equal(await gone, { error: stop }, "the cancelled put");
      equal(await queue.get(null), 1, "the first item");
      await next;
      equal(drain(queue), [3], "what is left");
    },
  ),
];

/** SY-6 and SY-7 */
export const queues: readonly Case[] = [
  caseOf("SY-6", "fifo", "gives its items first in, first out", { needs: ["AsyncQueue"] }, async ({ api }) => {
    const queue = new api.AsyncQueue<number>();
    for (const item of [1, 2, 3]) await queue.put(item, null);
    equal([queue.size, await queue.get(null), await queue.get(null), await queue.get(null)], [3, 1, 2, 3]);
  }),
  caseOf(
    "SY-6",
    "empty",
    "throws a QueueEmpty by tryGet() if there is no item",
    { needs: ["AsyncQueue", "QueueEmpty"] },
    ({ api }) => {
      const queue = new api.AsyncQueue<number>();
      instance(
        thrownBy(() => queue.tryGet()),
        api.QueueEmpty,
      );
    },
  ),
  caseOf(
    "SY-6",
    "full",
    "throws a QueueFull by tryPut() if there is no room, and doesn't have the item",
    { needs: ["AsyncQueue", "QueueFull"] },
    ({ api }) => {
      const queue = new api.AsyncQueue<number>(2);
      queue.tryPut(1);
      queue.tryPut(2);
      instance(
        thrownBy(() => queue.tryPut(3)),
        api.QueueFull,
      );
      equal(drain(queue), [1, 2], "the items");
    },
  ),
  caseOf(
    "SY-6",
    "unbounded",
    "holds any number of items if its maximal size is 0 or less",
    { needs: ["AsyncQueue"] },
    ({ api }) => {
      for (const maxSize of [0, -1]) {
        const queue = new api.AsyncQueue<number>(maxSize);
        for (let item = 0; item < 1000; item++) queue.tryPut(item);
        equal(queue.size, 1000, "the size");
      }
    },
  ),
  caseOf(
    "SY-6",
    "undefined-item",
    "has undefined for an item like any other",
    { needs: ["AsyncQueue"] },
    async ({ api }) => {
      const queue = new api.AsyncQueue<undefined>();
      const get = queue.get(null).then((item) => [item]);
      await pause(0);
      queue.tryPut(undefined);
      equal(await get, [undefined], "what the getter got");
      queue.tryPut(undefined);
      equal([queue.size, queue.tryGet()], [1, undefined], "the size and the item");
    },
  ),
  caseOf("SY-6", "get-waits", "waits in get() for an item", { needs: ["AsyncQueue"] }, async (trial) => {
    const queue = new trial.api.AsyncQueue<number>();
    const get = queue.get(null).then((item) => trial.say(`${item}`));
    await pause(5);
    queue.tryPut(1);
    await get;
    equal([trial.log, queue.size], [["5 1"], 0], "the log and the size");
  }),
  caseOf("SY-6", "put-waits", "waits in put() for room", { needs: ["AsyncQueue"] }, async (trial) => {
    const queue = new trial.api.AsyncQueue<number>(1);
    await queue.put(1, null);
    const put = queue.put(2, null).then(() => trial.say("put"));
    await pause(5);
    equal([queue.size, queue.tryGet()], [1, 1], "the size and the item");
    await put;
    equal([trial.log, drain(queue)], [["5 put"], [2]], "the log, and what is left");
  }),
  caseOf(
    "SY-6",
    "one-place",
    "lets one put in for each item that is taken",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>(1);
      queue.tryPut(1);
      const puts = [2, 3].map((item) => queue.put(item, null).then(() => trial.say(`put ${item}`)));
      for (let taken = 0; taken < 2; taken++) {
        await pause(5);
        equal([queue.size, queue.tryGet()], [1, taken + 1], "the size and the item");
      }
      await Promise.all(puts);
      equal(trial.log, ["5 put 2", "10 put 3"], "the log");
    },
  ),
  caseOf(
    "SY-6",
    "task-done-underflow",
    "refuses more taskDone() than there were items",
    { needs: ["AsyncQueue", "InvalidStateError"] },
    ({ api }) => {
      const queue = new api.AsyncQueue<number>();
      queue.tryPut(1);
      queue.taskDone();
      instance(
        thrownBy(() => queue.taskDone()),
        api.InvalidStateError,
      );
    },
  ),
  caseOf(
    "SY-6",
    "join",
    "waits in join() until taskDone() was called for every item",
    { needs: ["AsyncQueue"] },
    async (trial) => {
      const queue = new trial.api.AsyncQueue<number>();
      queue.tryPut(1);
      queue.tryPut(2);
      const join = queue.join(null).then(() => trial.say("joined"));
      drain(queue);
      await pause(5);
      queue.taskDone();
      await pause(5);
      queue.taskDone();
      await join;
      equal(trial.log, ["10 joined"], "the log");
    },
  ),
  caseOf(
    "SY-6",
    "join-empty",
    "resolves join() at once if nothing was put",
    { needs: ["AsyncQueue"] },
    async ({ api, clock }) => {
      await new api.AsyncQueue().join(null);
      equal(clock.now(), 0, "the time");
    },
  ),
  ...cancellation,
  caseOf("SY-7", "lifo", "gives the last item of a LifoQueue first", { needs: ["LifoQueue"] }, ({ api }) => {
    const queue = new api.LifoQueue<number>();
    for (const item of [1, 2, 3]) queue.tryPut(item);
    equal(drain(queue), [3, 2, 1]);
  }),
  caseOf(
    "SY-7",
    "priority",
    "gives the least item of a PriorityQueue first",
    { needs: ["PriorityQueue"] },
    ({ api }) => {
      const queue = new api.PriorityQueue<number>();
      for (const item of [5, 1, 4, 2, 3, 1, 10]) queue.tryPut(item);
      equal(drain(queue), [1, 1, 2, 3, 4, 5, 10]);
    },
  ),
  caseOf(
    "SY-7",
    "compare",
    "gives the item first that comes first by `compare`",
    { needs: ["PriorityQueue"] },
    ({ api }) => {
      const queue = new api.PriorityQueue<{ readonly at: number }>(0, (a, b) => b.at - a.at);
      for (const at of [2, 3, 1]) queue.tryPut({ at });
      equal(
        drain(queue).map(({ at }) => at),
        [3, 2, 1],
      );
    },
  ),
  caseOf(
    "SY-7",
    "put-waits",
    "takes the item of a put that waited into its order",
    { needs: ["PriorityQueue"] },
    async ({ api }) => {
      const queue = new api.PriorityQueue<number>(2);
      queue.tryPut(3);
      queue.tryPut(2);
      const put = queue.put(1, null);
      await pause(0);
      equal(queue.tryGet(), 2, "the first");
      await put;
      equal(drain(queue), [1, 3], "the others");
    },
  ),
  ...(["LifoQueue", "PriorityQueue"] as const).map((name) =>
    caseOf(
      "SY-7",
      `${name === "LifoQueue" ? "lifo" : "priority"}-shutdown`,
      `shares join() and shutdown() with the other queues: ${name}`,
      { needs: [name, "QueueShutDown"] },
      async ({ api }) => {
        const queue = new api[name]<number>(1);
        queue.tryPut(1);
        const put = rejectionOf(queue.put(2, null), "the put that waits");
        await pause(0);
        queue.shutdown({ immediate: true });
        await queue.join(null);
        instance(await put, api.QueueShutDown, "the error of put()");
        instance(await rejectionOf(queue.get(null)), api.QueueShutDown, "the error of get()");
      },
    ),
  ),
];
