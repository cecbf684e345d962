import { EventEmitter, getEventListeners, on, once } from "node:events";
import { Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { scheduler, setTimeout as delay } from "node:timers/promises";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CancelledError, failAfter, ExceptionGroup, openTaskGroup, sleep, taskGroup, TimeoutError } from "@cohort/node";
import { run } from "./child.ts";
import { Loopback } from "./loopback.ts";

const unhandled = vi.fn();
process.on("unhandledRejection", unhandled);
afterEach(async () => {
  await turn();
  expect(unhandled.mock.calls).toEqual([]);
});

const caught = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    (value) => expect.fail(`expected a rejection, got ${String(value)}`),
    (error: unknown) => error,
  );
const never = (): void => {};

describe("RT-3 fetch under task.signal", () => {
  it("RT-3 an aborted fetch counts as cancellation: only the real failure comes out, nothing stays in flight", async () => {
    await using server = await Loopback.listen(never);
    const boom = new Error("boom");
    const states: string[] = [];
    const error = await caught(
      taskGroup(async (group) => {
        const pages = Array.from({ length: 20 }, () => group.createTask(({ signal }) => fetch(server.url, { signal })));
        await server.hasOpen(20);
        group.createTask(() => Promise.reject(boom));
        group.defer(() => void states.push(...pages.map(({ state }) => state)));
      }),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([boom]);
    expect(states).toEqual(Array.from({ length: 20 }, () => "cancelled"));
    await server.hasOpen(0);
  });

  it("CA-3 fetch rejects with the scope's reason itself", async () => {
    await using server = await Loopback.listen(never);
    const reasons: unknown[] = [];
    await taskGroup(async (group) => {
      group.createTask(async ({ signal }) => {
        await fetch(server.url, { signal }).catch((error: unknown) => {
          reasons.push(error, signal.reason);
          throw error;
        });
      });
      await server.hasOpen(1);
      group.cancel("stop");
    });
    expect(reasons[0]).toBe(reasons[1]);
    expect(reasons[0]).toBeInstanceOf(CancelledError);
    expect(reasons[0]).toMatchObject({ name: "AbortError", cause: "stop" });
  });

  it("RT-3 reading a body that hangs is cancelled as well", async () => {
    await using server = await Loopback.listen((_request, response) => void response.write("half a page"));
    const error = await caught(
      taskGroup({ timeout: 50 }, (group) => {
        group.createTask(async ({ signal }) => (await fetch(server.url, { signal })).text(), { name: "half" });
      }),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    await server.hasOpen(0);
  });

  it("TO-1 failAfter cancels the fetch in it with its signal", async () => {
    await using server = await Loopback.listen(never);
    const error = await caught(failAfter(50, ({ signal }) => fetch(server.url, { signal })));
    expect(error).toBeInstanceOf(TimeoutError);
    await server.hasOpen(0);
  });

  it("CA-4 an outside AbortSignal's reason comes out unchanged through a fetch", async () => {
    await using server = await Loopback.listen(never);
    for (const reason of [new Error("user left"), null, "a string"]) {
      const controller = new AbortController();
      const promise = taskGroup({ signal: controller.signal }, async (group) => {
        await group.createTask(({ signal }) => fetch(server.url, { signal }));
      });
      await server.hasOpen(1);
      controller.abort(reason);
      expect(await caught(promise)).toBe(reason);
      await server.hasOpen(0);
    }
  });

  it("RT-3 a refused connection is a failure, with fetch's own error", async () => {
    const server = await Loopback.listen(never);
    await server[Symbol.asyncDispose]();
    const error = await caught(
      taskGroup((group) => void group.createTask(({ signal }) => fetch(server.url, { signal }))),
    );
    expect(error).toMatchObject({ errors: [{ name: "TypeError", message: "fetch failed" }] });
  });
});

/** Waits that end with Node's own AbortError when their signal is aborted. */
const waits: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
  "timers/promises setTimeout": (signal) => delay(2 ** 30, undefined, { signal }),
  "timers/promises scheduler.wait": (signal) => scheduler.wait(2 ** 30, { signal }),
  "events.once": (signal) => once(new EventEmitter(), "never", { signal }),
  "events.on": (signal) => on(new EventEmitter(), "never", { signal }).next(),
  "stream pipeline": (signal) => pipeline(new Readable({ read: never }), new Writable({ write: never }), { signal }),
  "stream finished": (signal) => finished(new Readable({ read: never }), { signal }),
};

describe("RT-3 Node's own AbortErrors", () => {
  it.each(Object.keys(waits))("RT-3 %s: its AbortError counts as cancellation in a cancelled scope", async (name) => {
    const wait = waits[name] as (signal: AbortSignal) => Promise<unknown>;
    let seen: unknown;
    let state: string | undefined;
    const value = await taskGroup(async (group) => {
      const task = group.createTask(async ({ signal, isCancellation }) => {
        await wait(signal).catch((error: unknown) => {
          seen = [(error as Error).name, (error as Error).cause === signal.reason, isCancellation(error)];
          throw error;
        });
      });
      group.defer(() => void (state = task.state));
      await turn();
      group.cancel();
      return "body's value";
    });
    expect([value, state, seen]).toEqual(["body's value", "cancelled", ["AbortError", true, true]]);
  });

  it.each(Object.keys(waits))(
    "RT-3 %s: its AbortError is a failure when only somebody else's signal was aborted",
    async (name) => {
      const wait = waits[name] as (signal: AbortSignal) => Promise<unknown>;
      const controller = new AbortController();
      const error = await caught(
        taskGroup((group) => {
          group.createTask(({ isCancellation }) =>
            wait(controller.signal).catch((thrown: unknown) => {
              expect(isCancellation(thrown)).toBe(false);
              throw thrown;
            }),
          );
          setImmediate(() => controller.abort());
        }),
      );
      expect(error).toMatchObject({ errors: [{ name: "AbortError", code: "ABORT_ERR" }] });
    },
  );

  it("RT-3 AbortSignal.timeout's TimeoutError is a failure like any other", async () => {
    const error = await caught(
      taskGroup((group) => group.abortable(once(new EventEmitter(), "x", { signal: AbortSignal.timeout(1) }))),
    );
    expect(error).toMatchObject({ errors: [{ name: "AbortError", cause: { name: "TimeoutError" } }] });
  });

  it("rule 3: an error whose cause alone is the reason is a failure", async () => {
    const error = await caught(
      taskGroup(async (group) => {
        group.createTask(async ({ signal }) => {
          await delay(2 ** 30, undefined, { signal }).catch((thrown: unknown) => {
            throw new Error("rollback failed", { cause: thrown });
          });
        });
        await turn();
        group.cancel();
      }),
    );
    expect(error).toMatchObject({ errors: [{ message: "rollback failed" }] });
  });
});

describe("CA-9 nothing is left on a signal that lives longer", () => {
  const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

  it("CA-9 zero listeners on a parent signal after 100,000 groups used it", { timeout: 300_000 }, async () => {
    const { signal } = new AbortController();
    let most = 0;
    for (let round = 0; round < 1000; round++) {
      await Promise.all(
        Array.from({ length: 100 }, () =>
          taskGroup({ signal }, async (group) => {
            await group.createTask(() => {});
            most = Math.max(most, listeners(signal));
          }),
        ),
      );
    }
    expect([listeners(signal), most]).toEqual([0, 1]);
  });

  it("CA-9 one listener while anybody waits, zero after failures, deadlines, sleeps and open groups", async () => {
    const { signal } = new AbortController();
    const pending = [
      taskGroup({ signal }, () => Promise.reject(new Error("x"))).catch(() => {}),
      taskGroup({ signal, timeout: 1 }, (group) => group.sleep(2 ** 30)).catch(() => {}),
      taskGroup({ signal }, (group) => group.cancel()),
      failAfter(1, ({ sleep: nap }) => nap(2 ** 30), { signal }).catch(() => {}),
      sleep(1, signal),
    ];
    const open = openTaskGroup({ signal });
    expect(listeners(signal)).toBe(1);
    await Promise.all(pending);
    expect(listeners(signal)).toBe(1);
    await open.join();
    expect(listeners(signal)).toBe(0);
  });

  it("CA-9 the signal of an outer scope, given as an option, has no listener at all", async () => {
    await taskGroup(async (group) => {
      const { signal } = group;
      await Promise.all(
        Array.from({ length: 50 }, () => taskGroup({ signal }, (inner) => inner.createTask(() => turn()).then(String))),
      );
      const nap = caught(sleep(2 ** 30, signal));
      expect(listeners(signal)).toBe(0);
      group.cancel();
      expect(await nap).toBe(signal.reason);
    });
  });

  it("CA-9 zero listeners after the signal was aborted under a thousand groups", async () => {
    const controller = new AbortController();
    const groups = Array.from({ length: 1000 }, () =>
      taskGroup({ signal: controller.signal }, (group) => group.sleep(2 ** 30)).catch((error: unknown) => error),
    );
    expect(listeners(controller.signal)).toBe(1);
    controller.abort("over");
    expect(new Set(await Promise.all(groups))).toEqual(new Set(["over"]));
    expect(listeners(controller.signal)).toBe(0);
  });
});

describe("RT-3 many listeners", () => {
  it("RT-3 10,000 members that listen on their signals bring no warning", async () => {
    const { stdout, stderr } = await run("signals", "a signal each");
    expect([stdout, stderr]).toEqual(["10000\n", ""]);
  });

  it("RT-3 1,000 listeners on one scope's signal bring no warning", async () => {
    const { stdout, stderr } = await run("signals", "one signal");
    expect([stdout, stderr]).toEqual(["1000\n", ""]);
  });

  it("RT-3 1,000 groups under one signal of the user bring no warning", async () => {
    const { stdout, stderr } = await run("signals", "a user's signal");
    expect([stdout, stderr]).toEqual(["Set(1) { 'enough' }\n", ""]);
  });
});
