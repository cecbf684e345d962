import type { TaskScope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import type { QueueMessage } from "../workers-surface.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";
import { Context, ended, workersOf } from "./worker-host.ts";

const boom = new Error("boom");

/** RT-5: what a Worker handles beside requests */
export const workerInvocations: readonly Case[] = [
  caseOf(
    "RT-5",
    "scheduled",
    "keeps a scheduled event alive, and fails it with its group",
    { revision: 2, needs: ["handler", "ExceptionGroup"] },
    async (trial) => {
      const ctx = new Context();
      const worker = workersOf(trial).handler({
        scheduled: (_event, _env, _ctx, group) => {
          group.createTask(linger(trial, "sibling", 20));
          group.createTask(() => pause(5).then(() => Promise.reject(boom)));
        },
      });
      const error = await rejectionOf(worker.scheduled?.({ cron: "* * * * *" }, {}, ctx) as Promise<void>);
      check(error instanceof trial.api.ExceptionGroup, "it should reject with an ExceptionGroup");
      await ended(trial, ctx);
      equal(
        [error.errors, trial.clock.now(), ctx.kept > 0, ctx.isAlive],
        [[boom], 25, true, false],
        "the errors, when, kept, alive",
      );
    },
  ),
  caseOf(
    "RT-5",
    "one-message",
    "retries the one message that fails, acknowledges the others, and reports the failure",
    { revision: 2, needs: ["handler", "eachMessage", "reports"] },
    async (trial) => {
      const ctx = new Context();
      const messages = ["a", "b", "c", "d"].map((id): QueueMessage => ({
        id,
        body: id,
        ack: () => trial.say(`${id}: ack`),
        retry: () => trial.say(`${id}: retry`),
      }));
      const work = async ({ id }: QueueMessage, task: TaskScope): Promise<void> => {
        await trial.sleep(task, 10);
        if (id === "b") throw boom;
      };
      const worker = workersOf(trial).handler({ queue: workersOf(trial).eachMessage(work, { limit: 2 }) });
      await worker.queue?.({ queue: "jobs", messages }, {}, ctx);
      equal(trial.log, ["10 a: ack", "10 b: retry", "20 c: ack", "20 d: ack"], "what became of the messages");
      equal([trial.reports, ctx.isAlive], [[{ error: boom }], false], "the reports, and alive");
    },
  ),
  caseOf(
    "RT-5",
    "object-alarm",
    "fails the alarm of a Durable Object with its group, and keeps the object alive for the drain",
    { revision: 2, needs: ["objectScope", "ExceptionGroup"] },
    async (trial) => {
      const state = new Context();
      const scope = workersOf(trial).objectScope(state);
      const alarm = scope.alarm((group) => {
        group.createTask(linger(trial, "sibling", 20));
        group.createTask(() => pause(5).then(() => Promise.reject(boom)));
      });
      const kept = state.kept;
      const error = await rejectionOf(alarm);
      check(error instanceof trial.api.ExceptionGroup, "it should reject with an ExceptionGroup");
      equal([error.errors, trial.clock.now(), kept > 0], [[boom], 25, true], "the errors, when, and kept");
      equal(await scope.run("count", async (group) => trial.sleep(group, 5).then(() => 3)), 3, "the value of a call");
      await ended(trial, state);
      equal([state.isAlive, state.rejections], [false, []], "alive after the end, and what waitUntil saw");
    },
  ),
  caseOf(
    "RT-5",
    "background",
    "runs background work to its end, and reports its failure",
    { revision: 2, needs: ["background", "reports"] },
    async (trial) => {
      workersOf(trial).background((group) => void group.createTask(linger(trial, "member", 5)), { name: "fine" });
      workersOf(trial).background(() => pause(5).then(() => Promise.reject(boom)), { name: "broken" });
      equal(trial.log, [], "what has run before its caller went on");
      await pause(2000);
      equal(trial.reports, [{ error: boom }], "the reports");
    },
  ),
];
