import { AsyncEvent, AsyncQueue, Barrier, Condition, LifoQueue, Mutex, PriorityQueue, Semaphore } from "@cohort/core";
import { explore, type ExploreKit } from "@cohort/testing";
import { describe, expect, it } from "vitest";

// Whoever is cancelled waits by an AbortSignal that is aborted at any time: before, after and in the very turn of what it
// waits for. Whatever the order, no permit, item or wake-up is lost or given twice (LI-2, SY).

const OUTSIDE = new Error("stopped from outside");

/** Somebody outside who may stop a wait at any time. */
function stopper({ step }: ExploreKit) {
  const controller = new AbortController();
  const stopping = step(null, "stop").then(() => controller.abort(OUTSIDE));
  /** What a wait for its signal came to: "stopped", or its value. */
  const unlessStopped = <T>(wait: (signal: AbortSignal) => Promise<T>): Promise<T | "stopped"> =>
    wait(controller.signal).catch((error: unknown) => {
      if (error !== OUTSIDE) throw error;
      return "stopped" as const;
    });
  return { stopping, unlessStopped };
}

/** Every order, those within one turn too; gives what the program came to in each. */
async function outcomesOf<T>(program: (kit: ExploreKit) => Promise<T>, check: (end: Awaited<T>) => void) {
  const { isComplete, outcomes } = await explore(program, check, { sameTurn: true });
  expect(isComplete).toBe(true);
  return [...outcomes.keys()];
}

describe("cancelled at any time", () => {
  it("LI-2 a Semaphore has all its permits in the end, and those who weren't cancelled had theirs", async () => {
    const outcomes = await outcomesOf(
      async (kit) => {
        const semaphore = new Semaphore(1);
        const { stopping, unlessStopped } = stopper(kit);
        const had: string[] = [];
        await kit.taskGroup(({ createTask }) => {
          for (const name of ["a", "b"])
            createTask((task) => semaphore.run(task, () => kit.step(task).then(() => had.push(name))), { name });
          createTask(async () => {
            const permit = await unlessStopped((signal) => semaphore.acquire(signal));
            if (permit !== "stopped") permit.release();
            had.push(permit === "stopped" ? "stopped" : "c");
          });
        });
        await stopping;
        return { had: had.sort().join(), available: semaphore.available, waiting: semaphore.waiting };
      },
      ({ had, ...end }) => {
        expect(["a,b,c", "a,b,stopped"]).toContain(had);
        expect(end).toEqual({ available: 1, waiting: 0 });
      },
    );
    expect(outcomes).toHaveLength(2);
  });

  it("SY a Mutex is free in the end, and never held by two", async () => {
    const outcomes = await outcomesOf(
      async (kit) => {
        const mutex = new Mutex();
        const { stopping, unlessStopped } = stopper(kit);
        let [holders, most, ran] = [0, 0, 0];
        const hold = async (): Promise<void> => {
          most = Math.max(most, ++holders);
          await kit.step(null, "hold");
          holders--;
          ran++;
        };
        await kit.taskGroup(({ createTask }) => {
          createTask((task) => mutex.run(task, hold));
          createTask(() => unlessStopped((signal) => mutex.run(signal, hold)));
          createTask((task) => mutex.run(task, hold));
        });
        await stopping;
        return { most, ran, isLocked: mutex.locked, isFree: mutex.tryLock() !== undefined };
      },
      (end) => expect({ ...end, ran: 0 }).toEqual({ most: 1, ran: 0, isLocked: false, isFree: true }),
    );
    expect(outcomes.map((text) => (JSON.parse(text) as { ran: number }).ran)).toEqual(expect.arrayContaining([2, 3]));
  });

  it("SY an AsyncEvent wakes everybody who wasn't cancelled, once", async () => {
    const outcomes = await outcomesOf(
      async (kit) => {
        const event = new AsyncEvent();
        const { stopping, unlessStopped } = stopper(kit);
        const woken: string[] = [];
        await kit.taskGroup(({ createTask }) => {
          createTask((task) => event.wait(task).then(() => woken.push("a")));
          createTask(() => unlessStopped((signal) => event.wait(signal)).then((how) => woken.push(how ?? "c")));
          createTask(async (task) => {
            await kit.step(task, "set");
            event.set();
            event.clear();
          });
        });
        await stopping;
        return woken.sort().join();
      },
      (woken) => expect(["a,c", "a,stopped"]).toContain(woken),
    );
    expect(outcomes).toHaveLength(2);
  });

  it("SY a Condition loses no wake-up and always has its mutex back", async () => {
    const outcomes = await outcomesOf(
      async (kit) => {
        const condition = new Condition();
        const { mutex } = condition;
        const { stopping, unlessStopped } = stopper(kit);
        const items = ["first", "second"];
        const shelf: string[] = [];
        const taken: string[] = [];
        let wasLocked = true;
        const take = async (scope: Parameters<Condition["wait"]>[0]): Promise<void> => {
          const permit = await mutex.lock(scope);
          try {
            await condition.waitFor(() => shelf.length > 0, scope);
            taken.push(shelf.shift() as string);
          } finally {
            wasLocked &&= mutex.locked;
            permit.release();
          }
        };
        await kit.taskGroup(({ createTask }) => {
          createTask((task) => take(task));
          createTask(() => unlessStopped(take));
          createTask(async (task) => {
            for (const item of items) {
              await kit.step(task, item);
              await mutex.run(task, () => {
                shelf.push(item);
                condition.notify();
              });
            }
          });
        });
        await stopping;
        return { all: [...taken, ...shelf].sort().join(), taken: taken.length, wasLocked, isLocked: mutex.locked };
      },
      ({ all, taken, wasLocked, isLocked }) => {
        expect([all, wasLocked, isLocked]).toEqual(["first,second", true, false]);
        expect(taken).toBeGreaterThan(0);
      },
    );
    expect(outcomes).toHaveLength(2);
  });

  it("SY a Barrier lets those go who are there, and counts nobody who left", async () => {
    const outcomes = await outcomesOf(
      async (kit) => {
        const barrier = new Barrier(2);
        const { stopping, unlessStopped } = stopper(kit);
        const places: number[] = [];
        let left = "";
        await kit.taskGroup(({ createTask }) => {
          for (const name of ["a", "b"])
            createTask(
              async (task) => {
                await kit.step(task);
                places.push(await barrier.wait(task));
              },
              { name },
            );
          createTask(async (task) => {
            const place = await unlessStopped((signal) => barrier.wait(signal));
            if (place === "stopped") return void (left = place);
            // It took somebody's partner: here is another.
            places.push(place, await barrier.wait(task));
          });
        });
        await stopping;
        return { left, places: places.map(String).sort().join(), waiting: barrier.waiting, isBroken: barrier.broken };
      },
      ({ left, places, ...end }) => {
        expect(places).toBe(left === "stopped" ? "0,1" : "0,0,1,1");
        expect(end).toEqual({ waiting: 0, isBroken: false });
      },
    );
    expect(outcomes).toHaveLength(2);
  });

  it.each([
    ["AsyncQueue", () => new AsyncQueue<number>(1)],
    ["LifoQueue", () => new LifoQueue<number>(1)],
    ["PriorityQueue", () => new PriorityQueue<number>(1)],
  ])("SY %s: every item is taken once or still there, when a get() is cancelled", async (_, make) => {
    const outcomes = await outcomesOf(
      async (kit) => {
        const queue = make();
        const { stopping, unlessStopped } = stopper(kit);
        const taken: number[] = [];
        await kit.taskGroup(({ createTask }) => {
          createTask(() =>
            unlessStopped((signal) => queue.get(signal)).then((item) => item !== "stopped" && taken.push(item)),
          );
          createTask((task) => queue.get(task).then((item) => taken.push(item)));
          createTask(async (task) => {
            for (const item of [1, 2]) {
              await kit.step(task, `put ${item}`);
              await queue.put(item, task);
            }
          });
        });
        await stopping;
        const rest = queue.size === 0 ? [] : [queue.tryGet()];
        return { taken: taken.length, all: [...taken, ...rest].map(String).sort().join() };
      },
      ({ taken, all }) => {
        expect(all).toBe("1,2");
        expect(taken).toBeGreaterThan(0);
      },
    );
    expect(outcomes).toHaveLength(2);
  });

  it.each([
    ["AsyncQueue", () => new AsyncQueue<number>(1)],
    ["LifoQueue", () => new LifoQueue<number>(1)],
    ["PriorityQueue", () => new PriorityQueue<number>(1)],
  ])("SY %s: an item whose put() is cancelled was put or wasn't, and nobody waits in vain", async (_, make) => {
    const outcomes = await outcomesOf(
      async (kit) => {
        const queue = make();
        const { stopping, unlessStopped } = stopper(kit);
        queue.tryPut(0);
        let put: unknown = "put";
        const taken: number[] = [];
        await kit.taskGroup(({ createTask }) => {
          createTask(() => unlessStopped((signal) => queue.put(1, signal)).then((how) => (put = how ?? "put")));
          createTask((task) => queue.put(2, task));
          createTask(async (task) => {
            await kit.step(task, "get");
            taken.push(await queue.get(task), await queue.get(task));
          });
        });
        await stopping;
        while (queue.size > 0) taken.push(queue.tryGet());
        return { put, taken: taken.map(String).sort().join() };
      },
      ({ put, taken }) => expect(taken).toBe(put === "stopped" ? "0,2" : "0,1,2"),
    );
    expect(outcomes).toHaveLength(2);
  });

  it("SY a queue's iteration that is left loses no item, and leaves nobody waiting", async () => {
    await outcomesOf(
      async (kit) => {
        const queue = new AsyncQueue<number>();
        const taken: number[] = [];
        await kit.taskGroup(({ createTask }) => {
          createTask(async (task) => {
            const items = queue.values(task);
            const first = items.next();
            await kit.step(task, "leave");
            await items.return?.();
            const { done, value } = await first;
            if (done !== true) taken.push(value);
          });
          createTask(async (task) => {
            await kit.step(task, "put");
            queue.tryPut(1);
          });
        });
        while (queue.size > 0) taken.push(queue.tryGet());
        return taken.join();
      },
      (taken) => expect(taken).toBe("1"),
    );
  });
});
