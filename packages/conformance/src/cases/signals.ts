import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";

/** CA-2: AbortSignals that come out. */
export const signals: readonly Case[] = [
  caseOf(
    "CA-2",
    "real-signal",
    "the signals of the group and of a member are the platform's AbortSignals",
    { needs: ["scope.signal"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(({ signal }) => instance(signal, AbortSignal, "the member's signal"));
        instance(group.signal, AbortSignal, "the group's signal");
      });
    },
  ),

  caseOf(
    "CA-2",
    "same-signal",
    "scope.signal is the same object at each reading",
    { needs: ["scope.signal"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        same(group.signal, group.signal, "the group's signal");
        group.createTask((member) => same(member.signal, member.signal, "the member's signal"));
      });
    },
  ),

  caseOf(
    "CA-2",
    "live",
    "a signal isn't aborted while its scope is live, nor by its end",
    { needs: ["scope.signal"] },
    async (trial) => {
      let signal!: AbortSignal;
      await trial.api.taskGroup((group) => {
        ({ signal } = group);
        group.createTask((member) => equal(member.signal.aborted, false, "whether the member's signal is aborted"));
      });
      equal(signal.aborted, false, "whether the group's signal is aborted");
    },
  ),

  ...(["before", "after"] as const).map((when) =>
    caseOf(
      "CA-2",
      `reason-read-${when}`,
      `a signal that was first read ${when} the cancellation has the scope's reason`,
      { needs: ["scope.signal", "scope.reason", "scope.isCancelled"] },
      async (trial) => {
        const looks: unknown[] = [];
        const block = trial.api.taskGroup((group) => {
          group.createTask(async (member) => {
            const isAborted = when === "before" && member.signal.aborted;
            while (!member.isCancelled() && trial.clock.now() < 100) await pause(1);
            looks.push(isAborted, member.signal.aborted, member.signal.reason === member.reason);
          });
          group.createTask(() => pause(5).then(() => Promise.reject(new Error("boom"))));
        });
        await rejectionOf(block, "the block");
        equal(looks, [false, true, true], "aborted at first, aborted after, and whether the reasons are one");
      },
    ),
  ),

  caseOf(
    "CA-2",
    "made-when-read",
    "makes no AbortController before somebody reads a signal",
    { needs: ["scope.signal"], level: "SHOULD" },
    async (trial) => {
      const host = globalThis as unknown as { AbortController: typeof AbortController };
      const { AbortController: Platform } = host;
      let made = 0;
      host.AbortController = class extends Platform {
        constructor() {
          super();
          made++;
        }
      };
      trial.afterwards(() => void (host.AbortController = Platform));
      await trial.api.taskGroup((group) => {
        for (let n = 0; n < 100; n++) group.createTask(() => pause(5));
      });
      equal(made, 0, "the controllers that were made");
    },
  ),

  caseOf(
    "CA-2",
    "ends-a-listener",
    "the platform takes the signal: a listener that was added with it is gone after the cancellation",
    { needs: ["scope.signal"] },
    async (trial) => {
      const target = new EventTarget();
      let heard = 0;
      const block = trial.api.taskGroup((group) => {
        group.createTask(async ({ signal }) => {
          target.addEventListener("tick", () => void heard++, { signal });
          target.dispatchEvent(new Event("tick"));
          await pause(10);
        });
        group.createTask(() => pause(5).then(() => Promise.reject(new Error("boom"))));
      });
      await rejectionOf(block, "the block");
      target.dispatchEvent(new Event("tick"));
      equal(heard, 1, "the events that were heard");
    },
  ),

  caseOf(
    "CA-2",
    "abort-event",
    "cancellation dispatches one abort event, when the signal is aborted already",
    { needs: ["scope.signal"] },
    async (trial) => {
      const seen: unknown[] = [];
      const block = trial.api.taskGroup((group) => {
        group.createTask(async ({ signal }) => {
          signal.addEventListener("abort", (event) => seen.push(event.type, event.target === signal, signal.aborted));
          await pause(10);
        });
        group.createTask(() => pause(5).then(() => Promise.reject(new Error("boom"))));
      });
      await rejectionOf(block, "the block");
      equal(seen, ["abort", true, true], "type, target, and whether the signal was aborted");
    },
  ),

  caseOf(
    "CA-2",
    "own-signal",
    "a member that is cancelled alone has a signal that is aborted alone",
    { needs: ["scope.signal", "option.memberCancel", "task.cancel"] },
    async (trial) => {
      const aborted: boolean[] = [];
      await trial.api.taskGroup({ memberCancel: true }, async (group) => {
        const members: AbortSignal[] = [];
        const wait = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
          members.push(signal);
          await pause(10);
        };
        const first = group.createTask(wait);
        group.createTask(wait);
        await pause(5);
        first.cancel();
        aborted.push(...[...members, group.signal].map((signal) => signal.aborted));
      });
      equal(aborted, [true, false, false], "whether the signals of first member, second and group are aborted");
    },
  ),
];
