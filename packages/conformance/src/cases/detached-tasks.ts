import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** CO-5 */
export const detachedTasks: readonly Case[] = [
  caseOf(
    "CO-5",
    "promise",
    "gives a real promise of what the function returns",
    { needs: ["detach"] },
    async ({ api }) => {
      const task = api.detach(() => pause(5).then(() => 42));
      instance(task, Promise, "the task");
      equal(await task, 42);
    },
  ),
  caseOf(
    "CO-5",
    "lazy",
    "starts the function after the current synchronous code",
    { needs: ["detach"] },
    async ({ api }) => {
      let isRunning = false;
      const task = api.detach(() => void (isRunning = true));
      check(!isRunning, "the function should not be called within detach()");
      await task;
      check(isRunning, "the function should be called");
    },
  ),
  caseOf("CO-5", "name", "has the name that it is given", { needs: ["detach", "option.name"] }, async ({ api }) => {
    const task = api.detach(() => {}, { name: "heartbeat" });
    await task;
    equal(task.name, "heartbeat");
  }),
  caseOf(
    "CO-5",
    "outlives-group",
    "holds up no group in which it was started",
    { needs: ["detach"] },
    async ({ api, clock }) => {
      const task = await api.taskGroup(() => [api.detach(() => pause(50))]);
      equal(clock.now(), 0, "the time at which the group ends");
      await task[0];
    },
  ),
  caseOf(
    "CO-5",
    "not-cancelled-by-group",
    "isn't cancelled by the failure of a group in which it was started",
    { needs: ["detach"] },
    async (trial) => {
      const { api } = trial;
      const tasks: Promise<string>[] = [];
      await rejectionOf(
        api.taskGroup(() => {
          tasks.push(api.detach((task) => trial.sleep(task, 20).then(() => "fine")));
          throw boom;
        }),
      );
      equal(await tasks[0], "fine");
    },
  ),
  caseOf(
    "CO-5",
    "cancel",
    "cancels its scope by cancel(), which says true, and rejects with a CancelledError caused by what was given",
    { needs: ["detach", "CancelledError"] },
    async (trial) => {
      const task = trial.api.detach((scope) => trial.sleep(scope, 1000));
      await pause(10);
      equal(task.cancel(stop), true, "cancel()");
      const error = await rejectionOf(task);
      instance(error, trial.api.CancelledError);
      same(error.cause, stop, "the cause");
      equal(trial.clock.now(), 10, "the time");
    },
  ),
  caseOf(
    "CO-5",
    "cancel-swallowed",
    "gives the value of a function that swallows its cancellation",
    { needs: ["detach"] },
    async (trial) => {
      const task = trial.api.detach((scope) => trial.sleep(scope, 1000).catch(() => "done all the same"));
      await pause(10);
      equal(task.cancel(), true, "cancel()");
      equal(await task, "done all the same");
    },
  ),
  caseOf(
    "CO-5",
    "cancel-before-start",
    "never calls the function if it is cancelled before its start",
    { needs: ["detach"] },
    async ({ api }) => {
      let calls = 0;
      const task = api.detach(() => ++calls);
      equal(task.cancel(), true, "cancel()");
      await rejectionOf(task);
      equal(calls, 0, "the number of calls");
    },
  ),
  caseOf("CO-5", "cancel-done", "says false to cancel() once it is done", { needs: ["detach"] }, async ({ api }) => {
    const task = api.detach(() => 1);
    await task;
    equal(task.cancel(), false, "cancel()");
  }),
  caseOf(
    "CO-5",
    "unobserved-failure",
    "lets a failure that nobody observes surface as an unhandled rejection of the host",
    { needs: ["detach", "unhandled rejections"] },
    async (trial) => {
      void trial.api.detach(() => Promise.reject(boom));
      const unhandled = await trial.takeUnhandled();
      equal(unhandled.length, 1, "the number of unhandled rejections");
      same(unhandled[0], boom, "the unhandled rejection");
    },
  ),
  caseOf(
    "CO-5",
    "observed-failure",
    "gives a failure to whoever observes it, and to nobody else",
    { needs: ["detach", "unhandled rejections"] },
    async (trial) => {
      same(await rejectionOf(trial.api.detach(() => Promise.reject(boom))), boom, "the error");
      equal(await trial.takeUnhandled(), [], "the unhandled rejections");
      equal(trial.reports, [], "the reports");
    },
  ),
  caseOf(
    "CO-5",
    "unobserved-cancellation",
    "makes no unhandled rejection of a cancellation that nobody observes",
    { needs: ["detach", "unhandled rejections"] },
    async (trial) => {
      const task = trial.api.detach((scope) => trial.sleep(scope, 1000));
      await pause(10);
      task.cancel();
      equal(await trial.takeUnhandled(), [], "the unhandled rejections");
    },
  ),
  caseOf(
    "CO-5",
    "signal",
    "is cancelled by the signal of its options, with its reason",
    { needs: ["detach", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const task = trial.api.detach((scope) => trial.sleep(scope, 1000), { signal: controller.signal });
      same(await rejectionOf(task), stop, "the error");
    },
  ),
];
