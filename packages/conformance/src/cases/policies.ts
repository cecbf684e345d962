import type { GroupPolicy } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");
const stop = new Error("stop");

async function fail(ms: number, error: unknown): Promise<never> {
  await pause(ms);
  throw error;
}

/** CO-7 */
export const policies: readonly Case[] = [
  caseOf(
    "CO-7",
    "fail-fast",
    "lets a policy close the group at the first failure",
    { needs: ["option.policy"] },
    async (trial) => {
      const policy: GroupPolicy = {
        onSettled: ({ outcome }) => (outcome.status === "rejected" ? "close" : "continue"),
      };
      const error = await rejectionOf(
        trial.api.taskGroup({ policy }, (group) => {
          group.createTask(linger(trial, "slow", 5));
          group.createTask(() => fail(10, boom));
          group.createTask(() => 1);
        }),
      );
      equal([errorsOf(error), trial.log], [[boom], ["15 slow cleaned up"]], "the errors and the log");
    },
  ),
  caseOf(
    "CO-7",
    "supervise",
    "lets a policy keep the others running, and throws what failed at the end",
    { needs: ["option.policy"] },
    async (trial) => {
      const error = await rejectionOf(
        trial.api.taskGroup({ policy: { onSettled: () => "continue" } }, (group) => {
          group.createTask(() => Promise.reject("a"));
          group.createTask((task) => trial.sleep(task, 20).then(() => Promise.reject("b")));
        }),
      );
      equal([errorsOf(error), trial.clock.now()], [["a", "b"], 20], "the errors and the time");
    },
  ),
  caseOf(
    "CO-7",
    "first-success",
    "lets a policy make the value of the block, failures or none",
    { needs: ["option.policy"] },
    async (trial) => {
      let winner: unknown;
      const policy: Required<GroupPolicy> = {
        onSettled({ outcome }) {
          if (outcome.status === "rejected") return "continue";
          winner = outcome.value;
          return "close";
        },
        result: (_value, failures) => [winner, failures.map(({ error }) => error)],
      };
      const value = await trial.api.taskGroup({ policy }, (group) => {
        group.createTask(() => Promise.reject("boom"));
        group.createTask(() => pause(20).then(() => "winner"));
        group.createTask((task) => trial.sleep(task, 1000));
        return "the body's value";
      });
      equal([value, trial.clock.now()], [["winner", ["boom"]], 20], "the value and the time");
    },
  ),
  caseOf(
    "CO-7",
    "until",
    "lets a policy close the group when its predicate holds, without an error",
    { needs: ["option.policy"] },
    async (trial) => {
      let sum = 0;
      const policy: GroupPolicy = {
        onSettled: ({ outcome }) =>
          outcome.status === "fulfilled" && (sum += outcome.value as number) >= 5 ? "close" : "continue",
      };
      const value = await trial.api.taskGroup({ policy }, (group) => {
        for (let n = 1; n <= 10; n++) group.createTask((task) => trial.sleep(task, n).then(() => n));
        return "the body's value";
      });
      equal([value, sum, trial.clock.now()], ["the body's value", 6, 3], "the value, the sum and the time");
    },
  ),
  caseOf(
    "CO-7",
    "told-once",
    "tells a policy once of each member that is done or failed, with its outcome",
    { needs: ["option.policy", "task option.name"] },
    async ({ api }) => {
      const told: unknown[] = [];
      const policy: Required<GroupPolicy> = {
        onSettled({ name, outcome }) {
          told.push([name, outcome]);
          return "continue";
        },
        result: () => undefined,
      };
      await api.taskGroup({ policy }, (group) => {
        group.createTask(() => 1, { name: "done" });
        group.createTask(() => fail(5, undefined), { name: "failed" });
      });
      equal(told, [
        ["done", { status: "fulfilled", value: 1 }],
        ["failed", { status: "rejected", reason: undefined }],
      ]);
    },
  ),
  caseOf(
    "CO-7",
    "cancelled-members",
    "doesn't tell a policy of members that were cancelled",
    { needs: ["option.policy", "task option.name"] },
    async (trial) => {
      const told: string[] = [];
      const policy: GroupPolicy = {
        onSettled({ name }) {
          told.push(name);
          return "close";
        },
      };
      await trial.api.taskGroup({ policy }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000), { name: "cancelled" });
        group.createTask(() => pause(5), { name: "done" });
      });
      equal(told, ["done"]);
    },
  ),
  caseOf(
    "CO-7",
    "background-members",
    "doesn't tell a policy of background members",
    { needs: ["option.policy", "task option.name", "task option.background"] },
    async ({ api }) => {
      const told: string[] = [];
      const policy: GroupPolicy = {
        onSettled({ name }) {
          told.push(name);
          return "continue";
        },
      };
      await api.taskGroup({ policy }, (group) => {
        group.createTask(() => 1, { name: "background", background: true });
        group.createTask(() => pause(5), { name: "foreground" });
      });
      equal(told, ["foreground"]);
    },
  ),
  caseOf(
    "CO-7",
    "closing",
    "ignores a policy's answer once the group is closing",
    { needs: ["option.policy"] },
    async (trial) => {
      let answers = 0;
      const policy: Required<GroupPolicy> = {
        onSettled: () => (++answers === 1 ? "close" : "continue"),
        result: (value, failures) => [value, failures.map(({ error }) => error)],
      };
      const value = await trial.api.taskGroup({ policy }, (group) => {
        group.createTask(() => pause(5));
        group.createTask((task) => trial.sleep(task, 1000).catch(() => fail(5, boom)));
        group.createTask((task) => trial.sleep(task, 1000));
      });
      equal([value, answers, trial.clock.now()], [[undefined, [boom]], 2, 10], "the value, the calls and the time");
    },
  ),
  caseOf(
    "CO-7",
    "fail-fast-beside",
    "rejects with a TypeError for failFast beside a policy, and doesn't call the body",
    { needs: ["option.policy", "option.failFast"] },
    async ({ api }) => {
      let isCalled = false;
      const options = { policy: { onSettled: () => "continue" as const }, failFast: true };
      instance(await rejectionOf(api.taskGroup(options, () => void (isCalled = true))), TypeError);
      check(!isCalled, "the body should not be called");
    },
  ),
  caseOf(
    "CO-7",
    "on-failure-beside",
    "rejects with a TypeError for onFailure beside a policy",
    { needs: ["option.policy", "option.onFailure"] },
    async ({ api }) => {
      const options = { policy: { onSettled: () => "continue" as const }, onFailure: () => {} };
      instance(await rejectionOf(api.taskGroup(options, () => {})), TypeError);
    },
  ),
  caseOf(
    "CO-7",
    "on-settled-throws",
    "takes what onSettled throws as a failure that cancels",
    { needs: ["option.policy"] },
    async (trial) => {
      const policy: GroupPolicy = {
        onSettled() {
          throw boom;
        },
      };
      const error = await rejectionOf(
        trial.api.taskGroup({ policy }, (group) => {
          group.createTask((task) => trial.sleep(task, 1000));
          group.createTask(() => pause(5));
        }),
      );
      equal([errorsOf(error), trial.clock.now()], [[boom], 5], "the errors and the time");
    },
  ),
  caseOf(
    "CO-7",
    "result-throws",
    "takes what result throws as a failure",
    { needs: ["option.policy"] },
    async ({ api }) => {
      const policy: Required<GroupPolicy> = {
        onSettled: () => "continue",
        result() {
          throw boom;
        },
      };
      const error = await rejectionOf(api.taskGroup({ policy }, () => {}));
      equal(errorsOf(error), [boom]);
    },
  ),
  caseOf(
    "CO-7",
    "outside",
    "rejects with the reason of a cancellation from outside, whatever the policy would make of it",
    { needs: ["option.policy", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const policy: Required<GroupPolicy> = { onSettled: () => "continue", result: () => "a value" };
      const error = await rejectionOf(
        trial.api.taskGroup({ policy, signal: controller.signal }, (group) => {
          group.createTask((task) => trial.sleep(task, 1000));
        }),
      );
      same(error, stop, "the error");
    },
  ),
];
