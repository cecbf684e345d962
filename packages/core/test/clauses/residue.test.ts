import { getEventListeners } from "node:events";
import { InvalidStateError, type Scope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { isCollected } from "./garbage.ts";
import { gate } from "./gate.ts";
import { unhandledDuring } from "./unhandled.ts";
import { watchedSignal } from "./watched-signal.ts";

const boom = new Error("boom");
const stop = new Error("stop");

type Runtime = ReturnType<typeof virtualRuntime>;

/** Every way to open something on a signal, with a body that is up to the test. */
const blocks: [string, (runtime: Runtime, signal: AbortSignal, body: (scope: Scope) => unknown) => Promise<unknown>][] =
  [
    ["taskGroup", ({ taskGroup }, signal, body) => taskGroup({ signal, timeout: 5000 }, body)],
    [
      "a member",
      ({ taskGroup }, signal, body) =>
        taskGroup({ signal }, (group) => void group.createTask(async (task) => void (await body(task)))),
    ],
    ["failAfter", ({ failAfter }, signal, body) => failAfter(5000, body, { signal })],
    ["failAt", ({ failAt }, signal, body) => failAt(5000, body, { signal })],
    ["moveOnAfter", ({ moveOnAfter }, signal, body) => moveOnAfter(5000, body, { signal })],
    ["detach", ({ detach }, signal, body) => detach(body, { signal, timeout: 5000 })],
    [
      "shield",
      ({ taskGroup }, signal, body) =>
        taskGroup({ signal }, (group) => group.shield({ timeout: 5000, cancelAfter: 5 }, body)),
    ],
    [
      "openTaskGroup",
      async ({ openTaskGroup }, signal, body) => {
        const group = openTaskGroup({ signal, timeout: 5000 });
        group.createTask(async (task) => void (await body(task)));
        await group.join();
      },
    ],
  ];

const bodies: [string, (scope: Scope, abort: (reason?: unknown) => void) => unknown][] = [
  ["gives a value", () => 7],
  ["waits", ({ sleep }) => sleep(10)],
  ["fails", () => Promise.reject(boom)],
  ["fails after a wait", ({ sleep }) => sleep(10).then(() => Promise.reject(boom))],
  ["is cancelled from outside", ({ sleep }, abort) => (queueMicrotask(() => abort(stop)), sleep(10))],
  ["ignores its cancellation", (scope, abort) => (abort(stop), scope.shield(({ sleep }) => sleep(10)))],
  ["runs out of time", ({ sleep }) => sleep(10_000)],
  [
    "leaves waits behind",
    (scope) => void [scope.sleep(10_000).catch(() => {}), scope.onCancel(() => {}), scope.signal],
  ],
];

describe("CA-9 zero residue", () => {
  describe.each(blocks)("of %s", (_block, open) => {
    it.each(bodies)("CA-9 no listener and no timer is left when the body %s", async (_body, body) => {
      const runtime = virtualRuntime();
      const { signal, abort, listening, added } = watchedSignal();
      await runtime.run(() => outcomeOf(open(runtime, signal, (scope) => body(scope, abort))));
      expect([listening(), runtime.timers(), runtime.inspectTasks()]).toEqual([0, 0, []]);
      expect(added()).toBe(1);
    });
  });

  it("CA-9 per AbortSignal handed in there is one listener while anybody waits on it", async () => {
    const { run, taskGroup, sleep, abortable, failAfter, timers } = virtualRuntime();
    const { signal, listening, added } = watchedSignal();
    const open = gate();
    await run(async () => {
      const work = Array.from({ length: 50 }, (_, n) => [
        sleep(10 + n, signal),
        abortable(open.promise, signal),
        taskGroup({ signal }, (group) => group.sleep(20)),
        failAfter(100, (scope) => scope.sleep(30), { signal }),
      ]).flat();
      await Promise.resolve();
      expect(listening()).toBe(1);
      open.open();
      await Promise.all(work);
    });
    expect([listening(), added(), timers()]).toEqual([0, 1, 0]);
  });

  it("CA-9 a signal that lives for 1,000 groups holds nothing in the end", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { signal, listening, added } = watchedSignal();
    let most = 0;
    await run(async () => {
      for (let n = 0; n < 1000; n++) {
        await taskGroup({ signal }, async (group) => {
          group.createTask(() => {});
          most = Math.max(most, listening());
        });
      }
    });
    expect([listening(), most, added()]).toEqual([0, 1, 1000]);
  });

  it("CA-9 a signal that is aborted already gets no listener", async () => {
    const { run, taskGroup, sleep, failAfter } = virtualRuntime();
    const { signal, abort, added } = watchedSignal();
    abort(stop);
    const errors = await run(async () => [
      await errorOf(taskGroup({ signal }, ({ sleep: wait }) => wait(1))),
      await errorOf(failAfter(5, ({ sleep: wait }) => wait(1), { signal })),
      await errorOf(sleep(1, signal)),
    ]);
    expect([errors, added()]).toEqual([[stop, stop, stop], 0]);
  });

  it("CA-9 after the abort the listener is gone at once, also while the group still drains", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { signal, abort, listening } = watchedSignal();
    const seen: number[] = [];
    await run(() =>
      outcomeOf(
        taskGroup({ signal }, async (group) => {
          seen.push(listening());
          abort(stop);
          seen.push(listening());
          await group.shield(({ sleep }) => sleep(10));
          seen.push(listening());
        }),
      ),
    );
    expect(seen).toEqual([1, 0, 0]);
  });

  it("CA-9 the library's own signals map to their scope: no listener on them", async () => {
    const { run, taskGroup, sleep, abortable } = virtualRuntime();
    const counts: number[] = [];
    const errors = await run(() =>
      taskGroup(async (group) => {
        const { signal } = group;
        const waits = [
          errorOf(sleep(1000, signal)),
          errorOf(sleep(1000, group)),
          errorOf(abortable(new Promise(() => {}), signal)),
          errorOf(taskGroup({ signal }, (other) => other.sleep(1000))),
        ];
        counts.push(getEventListeners(signal, "abort").length);
        group.cancel();
        return Promise.all(waits).then((all) => all.map((error) => error === group.reason));
      }),
    );
    expect([counts, errors]).toEqual([[0], [true, true, true, true]]);
  });

  it("CA-9 a wait that is over leaves nothing on its scope, however many there were", async () => {
    const { run, taskGroup, timers } = virtualRuntime();
    const { signal, listening } = watchedSignal();
    await run(() =>
      taskGroup({ signal }, async (group) => {
        const never = new Promise<void>(() => {});
        for (let n = 0; n < 100; n++) {
          await group.sleep(1);
          await group.abortable(Promise.resolve());
          await Promise.race([group.failAfter(1, () => 7), never]);
        }
        expect([timers(), listening(), getEventListeners(group.signal, "abort").length]).toEqual([0, 1, 0]);
      }),
    );
    expect.assertions(1);
  });

  it("CA-9 an abortable that is over doesn't keep its value alive on a long-lived signal", async () => {
    const { abortable } = virtualRuntime();
    const { signal } = watchedSignal();
    let ref: WeakRef<object> | undefined;
    // In a function of its own: the frame of an async function keeps what it awaited last.
    const use = () =>
      abortable(
        Promise.resolve().then(() => {
          const value = { big: true };
          ref = new WeakRef(value);
          return value;
        }),
        signal,
      ).then(() => {});
    await use();
    expect(await isCollected(ref as WeakRef<object>)).toBe(true);
  });

  it("CA-9 a group that is over isn't kept alive by a long-lived signal", async () => {
    const { taskGroup } = virtualRuntime();
    const { signal } = watchedSignal();
    let ref: WeakRef<object> | undefined;
    await taskGroup({ signal }, (group) => {
      ref = new WeakRef(group);
      group.onCancel(() => {});
    });
    expect(await isCollected(ref as WeakRef<object>)).toBe(true);
  });

  it("CA-9 waits that were left behind are cut off when their scope ends, without an unhandled rejection", async () => {
    const { run, taskGroup, timers } = virtualRuntime();
    let left: Promise<void> | undefined;
    const seen = await unhandledDuring(() =>
      run(() =>
        taskGroup((group) => {
          group.createTask((task) => {
            left = task.sleep(1000);
            void task.sleep(2000);
          });
        }),
      ),
    );
    expect([seen, timers()]).toEqual([[], 0]);
    expect(await errorOf(left as Promise<void>)).toBeInstanceOf(InvalidStateError);
  });

  it("CA-9 a wait for a scope that has ended sets no timer", async () => {
    const { run, taskGroup, timers } = virtualRuntime();
    let kept: Scope | undefined;
    await run(() => taskGroup((group) => void (kept = group)));
    expect(await errorOf((kept as Scope).sleep(1000))).toBeInstanceOf(InvalidStateError);
    expect(timers()).toBe(0);
  });

  it("CA-9 c.2 #16 blocks that are left in odd order, cancelled or not, leave nothing behind", async () => {
    const { run, taskGroup, timers, inspectTasks, now } = virtualRuntime();
    const ends: string[] = [];
    await run(() =>
      taskGroup((group) => {
        const blocks = [30, 10, 20].map((ms) =>
          group.failAfter(1000, (outer) => {
            void outer.taskGroup((inner) => inner.shield(({ sleep }) => sleep(ms))).catch(() => {});
            ends.push(`body ${ms}`);
          }),
        );
        for (const block of blocks) void block.then(() => ends.push(`block at ${now()}`));
        void group.shield(({ sleep }) => sleep(15)).then(() => group.cancel());
      }),
    );
    expect(ends).toEqual(["body 30", "body 10", "body 20", "block at 10", "block at 20", "block at 30"]);
    expect([timers(), inspectTasks()]).toEqual([0, []]);
  });

  it("CA-9 an abandoned block leaves neither a timer nor a listener behind, though its body still runs", async () => {
    const { run, failAfter, taskGroup, timers } = virtualRuntime();
    const { signal, abort, listening } = watchedSignal();
    const stuck = gate();
    await run(async () => {
      const options = { signal, abandonAfter: 10 };
      const open = [
        failAfter(3_600_000, () => stuck.promise, options),
        taskGroup({ ...options, timeout: 3_600_000 }, () => stuck.promise),
      ];
      abort(stop);
      await Promise.allSettled(open);
    });
    expect([timers(), listening()]).toEqual([0, 0]);
    stuck.open();
  });

  it("CA-9 c.2 #21 a deadline reaches all of 10,000 members, none runs past it, no timer is left", async () => {
    const { run, taskGroup, now, timers } = virtualRuntime();
    const ends = new Set<number>();
    let late = 0;
    await run(() =>
      errorOf(
        taskGroup({ timeout: 10 }, (group) => {
          for (let n = 0; n < 10_000; n++) {
            group.createTask(async ({ sleep }) => {
              try {
                await sleep(60_000);
                late++;
              } finally {
                ends.add(now());
              }
            });
          }
        }),
      ),
    );
    expect([[...ends], late, timers()]).toEqual([[10], 0, 0]);
  });
});
