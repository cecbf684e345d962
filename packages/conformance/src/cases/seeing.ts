import type { TaskNode } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, contains, equal, rejectionOf } from "../check.ts";
import { openWorkReported } from "./exit.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");

/** The node of that name, wherever it is: others may have left something open. */
function find(tree: readonly TaskNode[], name: string): TaskNode | undefined {
  for (const node of tree) {
    const found = node.name === name ? node : find(node.children, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const tree: readonly Case[] = [
  caseOf(
    "DX-1",
    "tree",
    "gives the open groups and tasks as a tree of plain data: name, state and age",
    { needs: ["inspectTasks", "option.name", "task option.name", "option.limit"] },
    async ({ api }) => {
      let shop: TaskNode | undefined;
      await api.taskGroup({ name: "shop", limit: 1 }, async (group) => {
        group.createTask(() => pause(20), { name: "till" });
        group.createTask(() => {}, { name: "door" });
        await pause(10);
        shop = find(JSON.parse(JSON.stringify(api.inspectTasks())) as TaskNode[], "shop");
      });
      check(shop !== undefined, "the group should be in the tree");
      equal([shop.kind, shop.age], ["group", 10], "the group's kind and age");
      equal(
        shop.children.map(({ name, kind, state }) => [name, kind, state]),
        [
          ["till", "task", "running"],
          ["door", "task", "pending"],
        ],
        "the members",
      );
    },
  ),
  caseOf(
    "DX-1",
    "nested",
    "shows a nested group below the task that opened it",
    { needs: ["inspectTasks", "scope.taskGroup", "option.name", "task option.name"] },
    async ({ api }) => {
      let member: TaskNode | undefined;
      await api.taskGroup((group) => {
        group.createTask((task) => task.taskGroup({ name: "inner" }, () => pause(10)), { name: "member" });
        group.createTask(() => pause(5).then(() => (member = find(api.inspectTasks(), "member"))));
      });
      equal(
        member?.children.map(({ name, kind }) => [name, kind]),
        [["inner", "group"]],
        "what is below the member",
      );
    },
  ),
  caseOf(
    "DX-1",
    "cancelled-by",
    "says what cancelled a scope that drains",
    { needs: ["inspectTasks", "option.name", "task option.name"] },
    async (trial) => {
      let shop: TaskNode | undefined;
      await rejectionOf(
        trial.api.taskGroup({ name: "shop" }, (group) => {
          group.createTask(linger(trial, "slow", 10));
          group.createTask(() => Promise.reject(boom), { name: "till" });
          setTimeout(() => (shop = find(trial.api.inspectTasks(), "shop")), 5);
        }),
      );
      contains(String(shop?.cancelledBy), "till", "cancelledBy");
    },
  ),
  caseOf(
    "DX-1",
    "ended",
    "shows nothing of what has ended",
    { needs: ["inspectTasks", "option.name", "task option.name"] },
    async ({ api }) => {
      await api.taskGroup({ name: "shop" }, async (group) => {
        await group.createTask(() => 1, { name: "till" });
        equal(find(api.inspectTasks(), "till"), undefined, "the ended member");
      });
      equal(find(api.inspectTasks(), "shop"), undefined, "the ended group");
    },
  ),
  caseOf(
    "DX-1",
    "format",
    "prints the tree, a line each",
    { needs: ["formatTaskTree", "option.name", "task option.name"] },
    async ({ api }) => {
      let text = "";
      await api.taskGroup({ name: "shop" }, async (group) => {
        group.createTask(() => pause(10), { name: "till" });
        await pause(5);
        text = api.formatTaskTree();
      });
      const lines = text.split("\n").filter((line) => /shop|till/.test(line));
      equal(
        lines.map((line) => (line.includes("shop") ? "shop" : "till")),
        ["shop", "till"],
        "the lines",
      );
    },
  ),
];

const context: readonly Case[] = [
  caseOf(
    "DX-3",
    "never-wrong",
    "gives by currentTask() the task that the caller runs in or undefined, never another",
    { needs: ["currentTask", "task option.name", "option.limit"] },
    async ({ api }) => {
      api.currentTask(); // an implementation may turn its tracking on by the first call
      const wrong: unknown[] = [];
      await api.taskGroup({ limit: 2 }, (group) => {
        for (const name of ["a", "b", "c"]) {
          const look = (): void => {
            const task = api.currentTask();
            if (task !== undefined && task.name !== name) wrong.push([name, task.name]);
          };
          group.createTask(
            async () => {
              look();
              await pause(5);
              look();
            },
            { name },
          );
        }
      });
      equal([wrong, api.currentTask()], [[], undefined], "wrong answers, and the answer outside");
    },
  ),
  caseOf(
    "DX-3",
    "current-task",
    "gives by currentTask() the task that the caller runs in, after waits too, where there is async context",
    { needs: ["currentTask", "async context", "task option.name"] },
    async ({ api }) => {
      api.currentTask();
      const names: unknown[] = [];
      await api.taskGroup((group) => {
        for (const name of ["a", "b"]) {
          group.createTask(
            async () => {
              await pause(5);
              names.push(api.currentTask()?.name);
            },
            { name },
          );
        }
      });
      equal(names, ["a", "b"]);
    },
  ),
];

const cancellation: readonly Case[] = [
  caseOf(
    "DX-7",
    "per-row",
    "tells a cancellation from a bad row by isCancellation()",
    { needs: ["scope.isCancellation", "group.cancel"] },
    async (trial) => {
      const told: boolean[] = [];
      await trial.api.taskGroup((group) => {
        group.createTask(async (task) => {
          for (const row of ["bad", "slow"]) {
            try {
              if (row === "bad") throw boom;
              await trial.sleep(task, 1000);
            } catch (error) {
              told.push(task.isCancellation(error));
            }
          }
        });
        setTimeout(() => group.cancel(), 10);
      });
      equal(told, [false, true], "the answers");
    },
  ),
  caseOf(
    "DX-7",
    "live-scope",
    "says of no error that it is the cancellation of a scope that isn't cancelled",
    { needs: ["scope.isCancellation"] },
    async ({ api }) => {
      const abort = new DOMException("stop", "AbortError");
      const answers = await api.taskGroup(({ isCancellation }) =>
        [abort, undefined, boom].map((e) => isCancellation(e)),
      );
      equal(answers, [false, false, false], "the answers");
    },
  ),
  caseOf(
    "DX-7",
    "falsy-reason",
    "knows a falsy reason as its cancellation, and no other falsy error",
    { needs: ["scope.isCancellation", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      controller.abort(null);
      const answers: boolean[] = [];
      await rejectionOf(
        trial.api.taskGroup({ signal: controller.signal }, ({ isCancellation }) => {
          answers.push(isCancellation(null), isCancellation(undefined), isCancellation(0));
        }),
      );
      equal(answers, [true, false, false], "the answers");
    },
  ),
];

/** DX-1, DX-3, DX-4, DX-6 and DX-7 */
export const seeing: readonly Case[] = [
  ...tree,
  ...context,
  caseOf(
    "DX-4",
    "exit-report",
    "reports with its tree what is open when nothing is left that could wake the process",
    { needs: ["exit report", "task option.name"] },
    async (trial) => {
      const gate = trial.deferred();
      const block = trial.api.taskGroup((group) => {
        group.createTask(() => gate.promise, { name: "stuck member" });
      });
      await pause(0);
      const text = openWorkReported(trial);
      gate.resolve();
      await block;
      contains(text, "stuck member", "what was reported");
    },
  ),
  caseOf(
    "DX-4",
    "no-exit-report",
    "reports nothing at the end of the process if all its groups are done",
    { needs: ["exit report", "task option.name"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(() => pause(5), { name: "ended member" });
      });
      check(!openWorkReported(trial).includes("ended member"), "nothing should be reported");
    },
  ),
  caseOf(
    "DX-6",
    "lost-member",
    "reports under `debug` a member that can never settle, because what it waits for was collected",
    { needs: ["option.debug", "task option.name", "garbage collection", "reports"], level: "SHOULD" },
    async (trial) => {
      if (typeof FinalizationRegistry !== "function") trial.skip("the host has no FinalizationRegistry");
      // Nobody awaits it: it never ends.
      void trial.api.taskGroup({ debug: true }, (group) => {
        group.createTask(() => new Promise(() => {}), { name: "lost member" });
      });
      const isReported = (): boolean =>
        trial.reports.some((report) => "warning" in report && report.warning.includes("lost member"));
      for (let turn = 0; turn < 50 && !isReported(); turn++) {
        await pause(0);
        (globalThis as unknown as { gc(): void }).gc();
      }
      check(isReported(), "it should be reported");
    },
  ),
  ...cancellation,
];
