import type { Instrument } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import { install } from "./installed.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");

/** DX-2 */
export const instruments: readonly Case[] = [
  caseOf(
    "DX-2",
    "hooks",
    "tells an instrument of groups that open and close and of tasks that are created, start and end, in that order",
    { needs: ["addInstrument", "option.name", "task option.name"] },
    async (trial) => {
      const told: string[] = [];
      install(trial, {
        onGroupOpen: ({ name }) => void told.push(`open ${name}`),
        onGroupClose: ({ name }, { status }) => void told.push(`close ${name} ${status}`),
        onTaskCreate: ({ name }, group) => void told.push(`create ${name} in ${group?.name}`),
        onTaskStart: ({ name }) => void told.push(`start ${name}`),
        onTaskEnd: ({ name }, { status }) => void told.push(`end ${name} ${status}`),
      });
      await trial.api.taskGroup({ name: "shop" }, (group) => void group.createTask(() => 1, { name: "till" }));
      equal(told, ["open shop", "create till in shop", "start till", "end till fulfilled", "close shop fulfilled"]);
    },
  ),
  caseOf(
    "DX-2",
    "failure",
    "tells an instrument what a task and its group failed with",
    { needs: ["addInstrument"] },
    async (trial) => {
      const told: unknown[] = [];
      const hear = (_: unknown, outcome: PromiseSettledResult<unknown>): void => {
        if (outcome.status === "rejected") told.push(outcome.reason);
      };
      install(trial, { onTaskEnd: hear, onGroupClose: hear });
      const error = await rejectionOf(
        trial.api.taskGroup((group) => void group.createTask(() => Promise.reject(boom))),
      );
      check(told.length === 2 && told[0] === boom && told[1] === error, "it should be told of both errors");
    },
  ),
  caseOf(
    "DX-2",
    "cancellation",
    "tells an instrument of a cancellation, once, with the reason",
    { needs: ["addInstrument", "option.name", "option.signal"] },
    async (trial) => {
      const told: unknown[] = [];
      install(trial, { onCancel: ({ name }, reason) => void told.push([name, reason]) });
      const controller = trial.controller();
      setTimeout(() => controller.abort("stop"), 5);
      await rejectionOf(
        trial.api.taskGroup({ name: "shop", signal: controller.signal }, (group) => {
          group.createTask((task) => trial.sleep(task, 1000));
          group.createTask((task) => trial.sleep(task, 1000));
        }),
      );
      equal(told, [["shop", "stop"]]);
    },
  ),
  caseOf(
    "DX-2",
    "straggler",
    "tells an instrument of a task that ignores its cancellation for longer than the grace",
    { needs: ["addInstrument", "option.grace", "group.cancel", "task option.name"] },
    async (trial) => {
      const told: unknown[] = [];
      install(trial, { onStraggler: ({ name }, ms) => void told.push([name, ms, trial.clock.now()]) });
      await trial.api.taskGroup({ grace: 100 }, (group) => {
        group.createTask(() => pause(500), { name: "slow" });
        setTimeout(() => group.cancel(), 10);
      });
      equal(told, [["slow", 100, 110]]);
    },
  ),
  caseOf(
    "DX-2",
    "ignored-cancel",
    "tells an instrument of a cancel() that an atomic group doesn't honour",
    { needs: ["addInstrument", "task.cancel", "task option.name"] },
    async (trial) => {
      const told: string[] = [];
      install(trial, { onIgnoredCancel: ({ name }) => void told.push(name) });
      await trial.api.taskGroup(async (group) => {
        const task = group.createTask(() => pause(5), { name: "member" });
        await pause(1);
        task.cancel();
      });
      equal(told, ["member"]);
    },
  ),
  caseOf(
    "DX-2",
    "throwing",
    "runs a program undisturbed by an instrument that throws in every hook, and tells the other one",
    { needs: ["addInstrument", "option.signal"] },
    async (trial) => {
      let told = 0;
      const bad = new Proxy<Instrument>(
        {},
        {
          get: () => () => {
            throw new Error("a bad instrument");
          },
        },
      );
      install(trial, bad);
      install(trial, { onTaskEnd: () => void told++ });
      const value = await trial.api.taskGroup((group) => {
        group.createTask(() => pause(5));
        return "fine";
      });
      const controller = trial.controller();
      setTimeout(() => controller.abort("stop"), 5);
      const error = await rejectionOf(
        trial.api.taskGroup(
          { signal: controller.signal },
          (group) => void group.createTask(linger(trial, "member", 5)),
        ),
      );
      equal(
        [value, error, told],
        ["fine", "stop", 2],
        "the value, the reason, and the ends that the other was told of",
      );
    },
  ),
  caseOf(
    "DX-2",
    "throwing-reported",
    "reports what an instrument throws",
    { needs: ["addInstrument", "reports"] },
    async (trial) => {
      install(trial, {
        onTaskEnd() {
          throw boom;
        },
      });
      await trial.api.taskGroup((group) => void group.createTask(() => 1));
      equal(trial.reports, [{ error: boom }], "the reports");
    },
  ),
  caseOf(
    "DX-2",
    "taken-out",
    "tells nothing to an instrument that was taken out",
    { needs: ["addInstrument"] },
    async (trial) => {
      let told = 0;
      const takeOut = install(trial, { onTaskEnd: () => void told++ });
      await trial.api.taskGroup((group) => void group.createTask(() => 1));
      takeOut();
      await trial.api.taskGroup((group) => void group.createTask(() => 1));
      equal(told, 1, "how often it was told");
    },
  ),
];
