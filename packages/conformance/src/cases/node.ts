import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import type { Trial } from "../trial.ts";
import { exitCodeHolder, nodeProcess, putBack, warningsDuring, withSignals, withTimers } from "./node-host.ts";
import { pause } from "./pause.ts";
import { replaced } from "./replaced.ts";

const stop = new Error("stop");

type Main = (body: (group: { readonly signal: AbortSignal }) => unknown, options?: object) => Promise<number>;

/** The program's own door; not every implementation has one. */
function mainOf(trial: Trial): Main {
  const { main } = trial.api as unknown as { readonly main?: Main };
  if (main === undefined) trial.skip("there is no main()");
  return main;
}

interface Channel {
  subscribe(listener: (message: unknown) => void): void;
  unsubscribe(listener: (message: unknown) => void): void;
}

/** What is published on a channel while a program runs. */
async function published(trial: Trial, name: string, program: () => Promise<unknown>): Promise<unknown[]> {
  const process = nodeProcess(trial);
  if (process.getBuiltinModule === undefined) trial.skip("the host has no process.getBuiltinModule");
  const { channel } = process.getBuiltinModule("node:diagnostics_channel") as {
    readonly channel: (name: string) => Channel;
  };
  const messages: unknown[] = [];
  const hear = (message: unknown): void => void messages.push(message);
  channel(name).subscribe(hear);
  try {
    await program();
  } finally {
    channel(name).unsubscribe(hear);
  }
  return messages;
}

/** RT-3, and what RT-6 asks of Bun and Deno in the same words */
export const node: readonly Case[] = [
  caseOf(
    "RT-3",
    "many-listeners",
    "lets 100 listeners follow the signal of a group without a MaxListenersExceededWarning",
    { needs: ["scope.signal"] },
    async (trial) => {
      const process = nodeProcess(trial);
      const warnings = await warningsDuring(process, () =>
        trial.api.taskGroup(({ signal }) => {
          for (let n = 0; n < 100; n++) signal.addEventListener("abort", () => {});
        }),
      );
      equal(warnings, [], "the warnings");
    },
  ),
  caseOf(
    "RT-3",
    "many-members",
    "runs 1000 members under a user's signal without a MaxListenersExceededWarning",
    { needs: ["option.signal"] },
    async (trial) => {
      const process = nodeProcess(trial);
      const { signal } = new AbortController();
      const warnings = await warningsDuring(process, () =>
        trial.api.taskGroup({ signal }, (group) => {
          for (let n = 0; n < 1000; n++) group.createTask(() => pause(5));
        }),
      );
      equal(warnings, [], "the warnings");
    },
  ),
  caseOf(
    "RT-3",
    "many-groups",
    "runs 100 groups at once under one user's signal without a MaxListenersExceededWarning",
    { needs: ["option.signal"] },
    async (trial) => {
      const process = nodeProcess(trial);
      const { signal } = new AbortController();
      const warnings = await warningsDuring(process, () =>
        Promise.all(Array.from({ length: 100 }, () => trial.api.taskGroup({ signal }, () => pause(5)))),
      );
      equal(warnings, [], "the warnings");
    },
  ),
  caseOf(
    "RT-3",
    "timer-refs",
    "keeps the process alive by a sleep, and not by the timer that reports stragglers",
    { needs: ["scope.sleep", "option.grace", "group.cancel"] },
    async (trial) => {
      nodeProcess(trial);
      const timers: { readonly ms: unknown; readonly timer: { hasRef(): boolean } }[] = [];
      const host = globalThis as unknown as { setTimeout: (...args: unknown[]) => unknown };
      const { setTimeout: set } = host;
      const remembered = (...args: unknown[]): unknown => {
        const timer = set(...args);
        timers.push({ ms: args[1], timer: timer as { hasRef(): boolean } });
        return timer;
      };
      const refs = new Map<unknown, boolean>();
      await replaced(host, { setTimeout: remembered }, () =>
        withTimers(() =>
          trial.api.taskGroup({ grace: 777 }, async (group) => {
            const sleep = group.sleep(555).catch(() => {});
            for (const { ms, timer } of timers) refs.set(ms, timer.hasRef());
            group.cancel();
            group.createTask(() => {});
            await pause(10);
            for (const { ms, timer } of timers) if (ms === 777) refs.set(ms, timer.hasRef());
            await sleep;
          }),
        ),
      );
      equal(
        [refs.get(555), refs.get(777) ?? false],
        [true, false],
        "whether the sleep's and the grace's timers are ref'd",
      );
    },
  ),
  caseOf(
    "RT-3",
    "task-channel",
    "publishes what becomes of tasks on the channel cohort:task while somebody listens",
    { needs: ["diagnostics channels"] },
    async (trial) => {
      const messages = await published(trial, "cohort:task", () =>
        trial.api.taskGroup((group) => void group.createTask(() => 1)),
      );
      equal(
        messages.map((message) => (message as { readonly event?: unknown }).event),
        ["create", "start", "end"],
        "the events",
      );
    },
  ),
  caseOf(
    "RT-3",
    "group-channel",
    "publishes what becomes of groups on the channel cohort:group while somebody listens",
    { needs: ["diagnostics channels", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 5);
      const messages = await published(trial, "cohort:group", () =>
        rejectionOf(trial.api.taskGroup({ signal: controller.signal }, (group) => trial.sleep(group, 1000))),
      );
      equal(
        messages.map((message) => (message as { readonly event?: unknown }).event),
        ["open", "cancel", "close"],
        "the events",
      );
    },
  ),
  caseOf("RT-3", "main", "gives 0 by main() for a program that ends well", {}, async (trial) => {
    nodeProcess(trial);
    equal(await mainOf(trial)(() => pause(5)), 0, "the exit code");
  }),
  caseOf(
    "RT-3",
    "main-exit-code",
    "gives the code of a SystemExit by main(), and sets it as the exit code of the process",
    { needs: ["SystemExit"] },
    async (trial) => {
      const holder = exitCodeHolder(nodeProcess(trial));
      const main = mainOf(trial);
      const { exitCode } = holder;
      try {
        const code = await main(() => Promise.reject(new trial.api.SystemExit(3)));
        equal([code, holder.exitCode], [3, 3], "the exit codes");
      } finally {
        putBack(holder, exitCode);
      }
    },
  ),
  caseOf(
    "RT-3",
    "main-signal",
    "cancels the program at a signal, drains, and gives 128 plus its number by main()",
    {},
    async (trial) => {
      const process = nodeProcess(trial);
      const main = mainOf(trial);
      const holder = exitCodeHolder(process);
      const { exitCode } = holder;
      try {
        const code = await withSignals(process, (arrive) => {
          // One that nobody else listens to.
          setTimeout(() => arrive("SIGUSR2"), 10);
          return main(
            async (group) => {
              await trial.sleep(group, 1000).catch(() => {});
              await pause(5);
              trial.say("drained");
            },
            { signals: ["SIGUSR2"] },
          );
        });
        trial.say("ended");
        check(code > 128, `the exit code should be above 128, but is ${code}`);
        equal(trial.log, ["15 drained", "15 ended"], "the log");
      } finally {
        putBack(holder, exitCode);
      }
    },
  ),
];
