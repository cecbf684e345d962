import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import type { Surface } from "../surface.ts";
import type { Trial } from "../trial.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";
import { replaced } from "./replaced.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** A bit of everything that could tempt somebody into AbortSignal.any, AbortSignal.timeout and Promise.race. */
async function program(trial: Trial): Promise<void> {
  const { taskGroup } = trial.api;
  const controller = trial.controller();
  const { signal } = controller;
  await taskGroup({ signal, timeout: 1000 }, async (outer) => {
    outer.createTask((task) => trial.sleep(task, 5));
    await trial.nested(outer, (inner: { readonly signal: AbortSignal }) => trial.sleep(inner, 5));
  });
  await rejectionOf(taskGroup({ signal, timeout: 5 }, (group) => trial.sleep(group, 1000)));
  setTimeout(() => controller.abort(stop), 5);
  await rejectionOf(taskGroup({ signal, timeout: 1000 }, (group) => trial.sleep(group, 1000)));
}

const core: readonly Case[] = [
  caseOf(
    "RT-1",
    "no-any",
    "uses neither AbortSignal.any nor AbortSignal.timeout, which leak",
    { needs: ["option.signal", "option.timeout"] },
    async (trial) => {
      const used: string[] = [];
      const broken = (name: string) => () => {
        used.push(name);
        throw new Error(`${name} leaks`);
      };
      const broke = { any: broken("AbortSignal.any"), timeout: broken("AbortSignal.timeout") };
      await replaced(AbortSignal, broke, () => program(trial));
      equal(used, [], "what was used");
    },
  ),
  caseOf(
    "RT-1",
    "no-race",
    "uses Promise.race nowhere: raced against a long-lived promise it leaks",
    { needs: ["option.signal", "option.timeout"], level: "SHOULD" },
    async (trial) => {
      let races = 0;
      const race = Promise.race.bind(Promise);
      const counted = (promises: unknown[]): Promise<unknown> => {
        races++;
        return race(promises);
      };
      await replaced(Promise, { race: counted }, () => program(trial));
      equal(races, 0, "the number of races");
    },
  ),
  caseOf("RT-1", "no-timer", "sets no timer for a group without a deadline", {}, async (trial) => {
    const gate = trial.deferred();
    const block = trial.api.taskGroup((group) => {
      for (let n = 0; n < 10; n++) group.createTask(() => gate.promise);
    });
    await trial.clock.settle();
    const { timers } = trial.clock;
    gate.resolve();
    await block;
    equal(timers, 0, "the number of timers while it ran");
  }),
  caseOf(
    "RT-1",
    "one-listener",
    "has one listener on an outside signal per group, however many members wait",
    { needs: ["option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      let most = 0;
      await trial.api.taskGroup({ signal: controller.signal }, async (group) => {
        for (let n = 0; n < 50; n++) {
          group.createTask(async (task) => {
            await (typeof task.sleep === "function" ? task.sleep(10) : pause(10));
          });
        }
        await pause(5);
        most = controller.listeners;
      });
      check(most <= 1, `there should be one listener, but there were ${most}`);
      equal(controller.listeners, 0, "the listeners after the end");
    },
  ),
  caseOf(
    "RT-2",
    "clock",
    "sleeps by the host's timers and tells the time by the same clock",
    { needs: ["sleep", "now"] },
    async ({ api, clock }) => {
      const before = api.now();
      await api.sleep(100);
      equal([Math.round(api.now() - before), clock.now()], [100, 100], "the ms that have passed");
    },
  ),
  caseOf(
    "RT-2",
    "abort-error",
    "takes the platform's AbortError in a cancelled scope for a cancellation",
    { needs: ["group.cancel"] },
    async ({ api }) => {
      const value = await api.taskGroup((group) => {
        group.createTask(async () => {
          await pause(5);
          throw new DOMException("The operation was aborted", "AbortError");
        });
        setTimeout(() => group.cancel(), 2);
        return "fine";
      });
      equal(value, "fine");
    },
  ),
  caseOf(
    "RT-2",
    "reporter",
    "hands an error that can come out of no block to its runtime's reporter",
    { needs: ["scope.onCancel", "group.cancel", "reports"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.onCancel(() => {
          throw boom;
        });
        group.cancel();
      });
      equal(trial.reports, [{ error: boom }], "the reports");
    },
  ),
];

const signals: readonly Case[] = [
  caseOf(
    "RT-4",
    "close",
    "ends an open group by close(), which needs no Symbol.asyncDispose",
    { needs: ["openTaskGroup"] },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      group.createTask(linger(trial, "member", 5));
      await pause(10);
      await group.close();
      equal(trial.clock.now(), 15, "the time");
    },
  ),
  caseOf(
    "RT-4",
    "event-listener",
    "has signals that take listeners off an EventTarget",
    { needs: ["scope.signal", "group.cancel"] },
    async ({ api }) => {
      const target = new EventTarget();
      let heard = 0;
      await api.taskGroup((group) => {
        target.addEventListener("ping", () => void heard++, { signal: group.signal });
        target.dispatchEvent(new Event("ping"));
        group.cancel();
        target.dispatchEvent(new Event("ping"));
      });
      equal(heard, 1, "how many events were heard");
    },
  ),
  caseOf(
    "RT-4",
    "request",
    "has signals that a Request follows",
    { needs: ["scope.signal", "option.signal"] },
    async (trial) => {
      if (typeof Request !== "function") trial.skip("the host has no Request");
      const controller = trial.controller();
      let request: Request | undefined;
      setTimeout(() => controller.abort(stop), 5);
      await rejectionOf(
        trial.api.taskGroup({ signal: controller.signal }, async (group) => {
          request = new Request("https://example.org/", { signal: group.signal });
          await trial.sleep(group, 1000);
        }),
      );
      equal(request?.signal.aborted, true, "that the request's signal is aborted");
    },
  ),
  caseOf(
    "RT-4",
    "fetch",
    "has signals that fetch takes: it rejects with their reason",
    { needs: ["scope.signal", "option.signal"] },
    async (trial) => {
      if (typeof fetch !== "function") trial.skip("the host has no fetch");
      const controller = trial.controller();
      controller.abort(stop);
      let error: unknown;
      await rejectionOf(
        trial.api.taskGroup({ signal: controller.signal }, async ({ signal }) => {
          error = await rejectionOf(fetch("https://example.org/", { signal }));
        }),
      );
      // A host may reject with a copy, or with an AbortError of its own.
      const isCopy = error instanceof Error && (error.message === "stop" || error.name === "AbortError");
      check(error === stop || isCopy, "fetch should reject because of the signal");
    },
  ),
  caseOf("RT-6", "timers", "sleeps by the host's own timers on Bun and Deno", { needs: ["sleep"] }, async (trial) => {
    if (!["Bun", "Deno"].some((name) => name in globalThis)) trial.skip("the host is neither Bun nor Deno");
    let timers = 0;
    const host = globalThis as unknown as { setTimeout: (...args: unknown[]) => unknown };
    const { setTimeout: set } = host;
    const counted = (...args: unknown[]): unknown => {
      timers++;
      return set(...args);
    };
    await replaced(host, { setTimeout: counted }, () => trial.api.sleep(10));
    equal([timers, trial.clock.now()], [1, 10], "the timers and the time");
  }),
];

/** What an implementation for any host has. */
const WHOLE = [
  "taskGroup",
  "openTaskGroup",
  "failAfter",
  "failAt",
  "moveOnAfter",
  "sleep",
  "abortable",
  "now",
  "detach",
  "gather",
  "firstSuccess",
  "asCompleted",
  "map",
  "openBackgroundTasks",
  "inspectTasks",
  "formatTaskTree",
  "addInstrument",
] as const satisfies readonly (keyof Surface)[];

/** RT-1, RT-2, RT-4, RT-6 and RT-7 */
export const runtimes: readonly Case[] = [
  ...core,
  ...signals,
  caseOf(
    "RT-7",
    "whole-surface",
    "runs each function of the surface in this host, with nothing but what the host has",
    { needs: WHOLE },
    async ({ api }) => {
      const open = api.openTaskGroup();
      const task = open.createTask(() => 1);
      await open.join();
      const services = api.openBackgroundTasks();
      await services.shutdown();
      const completed = await api.asCompleted([() => 9]).next();
      equal(
        [
          task.result(),
          await api.taskGroup(() => 2),
          await api.failAfter(10, () => 3),
          await api.failAt(new Date(api.now() + 10), () => 4),
          await api.moveOnAfter(10, () => 5),
          await api.detach(() => 6),
          await api.gather([() => 7]),
          await api.firstSuccess([() => 8]),
          completed.done === true ? undefined : completed.value.status,
          await api.map([10], (n) => n).toArray(),
          await api.abortable(Promise.resolve(11), new AbortController().signal),
          typeof api.formatTaskTree(api.inspectTasks()),
        ],
        [1, 2, 3, 4, { timedOut: false, value: 5 }, 6, [7], 8, "fulfilled", [10], 11, "string"],
        "the results",
      );
      await api.sleep(1);
      const installed: unknown = api.addInstrument({});
      if (typeof installed === "function") installed();
      else (installed as Partial<Disposable>)[Symbol.dispose]?.();
    },
  ),
];
