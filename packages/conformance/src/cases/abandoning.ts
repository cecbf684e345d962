import type { Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, contains, equal, instance, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { pause } from "./pause.ts";

const needs: readonly Capability[] = ["option.abandonAfter", "AbandonedError", "group.cancel"];

/** CA-8: a block that stops waiting. */
export const abandoning: readonly Case[] = [
  caseOf(
    "CA-8",
    "abandoned-error",
    "with abandonAfter rejects with an AbandonedError that lists the stragglers",
    { needs: [...needs, "task option.name"] },
    async (trial) => {
      const block = trial.api.taskGroup({ abandonAfter: 30 }, async (group) => {
        group.createTask(() => pause(1000), { name: "stuck" });
        group.createTask((member) => trial.sleep(member, 1000), { name: "obedient" });
        await pause(1);
        group.cancel();
      });
      const error = await rejectionOf(block, "the block");
      equal(trial.clock.now(), 31, "when it rejects");
      instance(error, trial.api.AbandonedError, "what it rejects with");
      equal(error.tasks.map(({ name }) => name), ["stuck"], "its tasks"); // prettier-ignore
      contains(error.message, "stuck", "its message");
      await pause(1000);
    },
  ),

  caseOf(
    "CA-8",
    "abandoned-deadline",
    "failAfter() with abandonAfter rejects with an AbandonedError instead of the TimeoutError",
    { needs: ["failAfter", "AbandonedError"] },
    async (trial) => {
      const block = trial.api.failAfter(5, () => pause(100), { abandonAfter: 10 });
      instance(await rejectionOf(block, "the block"), trial.api.AbandonedError, "what it rejects with");
      await pause(100);
    },
  ),

  caseOf(
    "CA-8",
    "never-by-default",
    "without abandonAfter waits on, however long it takes",
    { needs: ["group.cancel"] },
    async (trial) => {
      const value = await trial.api.taskGroup((group) => {
        group.createTask(async () => {
          group.cancel();
          await pause(10_000_000);
        });
        return 7;
      });
      equal([value, trial.clock.now()], [7, 10_000_000], "the value, and the time at the end");
    },
  ),

  caseOf(
    "CA-8",
    "in-time-for-abandon",
    "with abandonAfter settles as ever if all end in time",
    { needs },
    async (trial) => {
      const value = await trial.api.taskGroup({ abandonAfter: 30 }, async (group) => {
        group.createTask(() => pause(25));
        await pause(1);
        group.cancel();
        return 7;
      });
      equal([value, trial.clock.now()], [7, 25], "the value, and the time at the end");
    },
  ),

  caseOf(
    "CA-8",
    "abandoned-beside-failures",
    "where there are failures too, the AbandonedError is the last in their group",
    { needs },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ abandonAfter: 30 }, (group) => {
        group.createTask(() => pause(1000));
        group.createTask(() => Promise.reject(boom));
      });
      const errors = errorsOf(await rejectionOf(block, "the block"));
      equal(errors.length, 2, "the number of errors");
      same(errors[0], boom, "the first");
      instance(errors[1], trial.api.AbandonedError, "the last");
      await pause(1000);
    },
  ),

  caseOf(
    "CA-8",
    "late-failure",
    "reports the failure that an abandoned member ends with later, and leaves no unhandled rejection",
    { needs: [...needs, "reports"] },
    async (trial) => {
      const late = new Error("late");
      const block = trial.api.taskGroup({ abandonAfter: 30 }, (group) => {
        group.createTask(() => pause(100).then(() => Promise.reject(late)));
        group.createTask(() => group.cancel());
      });
      await rejectionOf(block, "the block");
      await pause(100);
      const isReported = trial.reports.some((report) => "error" in report && report.error === late);
      check(isReported, "the failure should be reported");
    },
  ),

  caseOf(
    "CA-8",
    "late-end",
    "reports how an abandoned member ends later, by its name",
    { needs: [...needs, "reports", "task option.name"] },
    async (trial) => {
      const block = trial.api.taskGroup({ abandonAfter: 30 }, (group) => {
        group.createTask(() => pause(100), { name: "latecomer" });
        group.createTask(() => group.cancel());
      });
      await rejectionOf(block, "the block");
      equal(trial.reports.length, 0, "the reports so far");
      await pause(100);
      const [report] = trial.reports;
      contains(report !== undefined && "warning" in report ? report.warning : "", "latecomer", "the report");
    },
  ),

  caseOf(
    "CA-8",
    "cleanups-wait",
    "the cleanups of an abandoned group run when the last straggler has ended",
    { needs: [...needs, "group.defer"] },
    async (trial) => {
      let cleanedAt: number | undefined;
      const block = trial.api.taskGroup({ abandonAfter: 30 }, (group) => {
        group.defer(() => void (cleanedAt = trial.clock.now()));
        group.createTask(() => pause(100));
        group.createTask(() => group.cancel());
      });
      await rejectionOf(block, "the block");
      equal(cleanedAt, undefined, "when the cleanup ran, as the block rejects");
      await pause(100);
      equal(cleanedAt, 100, "when the cleanup ran");
    },
  ),

  caseOf(
    "CA-8",
    "abandons-outside-cancellation",
    "abandons after an outside cancellation as well",
    { needs: ["option.abandonAfter", "AbandonedError", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const block = trial.api.taskGroup({ abandonAfter: 30, signal: outside.signal }, async (group) => {
        group.createTask(() => pause(100));
        await pause(1);
        outside.abort();
      });
      instance(await rejectionOf(block, "the block"), trial.api.AbandonedError, "what it rejects with");
      await pause(100);
    },
  ),
];
