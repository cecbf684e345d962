import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf } from "../check.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const ignore = (): void => {};

/** CO-6 */
export const backgroundTasks: readonly Case[] = [
  caseOf(
    "CO-6",
    "error-handler",
    "gives a failure of a service to its handler, with its name, and to nobody else",
    { needs: ["openBackgroundTasks"] },
    async (trial) => {
      const set = trial.api.openBackgroundTasks();
      const told: unknown[] = [];
      void set.add(() => Promise.reject("boom"), {
        name: "beat",
        onError: (error, task) => void told.push([error, task.name]),
      });
      await pause(1);
      equal(told, [["boom", "beat"]], "what the handler was told");
      await set.shutdown();
      equal(trial.reports, [], "the reports");
    },
  ),
  caseOf(
    "CO-6",
    "needs-handler",
    "refuses a service without an error handler, and doesn't start it",
    { needs: ["openBackgroundTasks"] },
    async ({ api }) => {
      const set = api.openBackgroundTasks();
      let isStarted = false;
      const add = async (): Promise<void> => set.add(() => void (isStarted = true), { name: "beat" } as never);
      instance(await rejectionOf(add()), TypeError);
      check(!isStarted, "it should not be started");
      await set.shutdown();
    },
  ),
  caseOf(
    "CO-6",
    "failure-leaves-others",
    "lets the other services run on when one fails",
    { needs: ["openBackgroundTasks"] },
    async (trial) => {
      const set = trial.api.openBackgroundTasks();
      void set.add(() => Promise.reject("boom"), { name: "bad", onError: ignore });
      const good = set.add((task) => trial.sleep(task, 20).then(() => trial.say("good ended")), {
        name: "good",
        onError: ignore,
      });
      await good;
      equal(trial.log, ["20 good ended"], "the log");
      await set.shutdown();
    },
  ),
  caseOf(
    "CO-6",
    "restart-backoff",
    "runs a service that fails again, after a delay that grows by its factor",
    { needs: ["openBackgroundTasks"] },
    async (trial) => {
      const set = trial.api.openBackgroundTasks();
      let runs = 0;
      const service = set.add(
        () => {
          trial.say(`run ${++runs}`);
          if (runs < 4) throw new Error("boom");
        },
        { name: "beat", onError: ignore, restart: { on: "failure", delay: 10, factor: 2 } },
      );
      await service;
      equal(trial.log, ["0 run 1", "10 run 2", "30 run 3", "70 run 4"], "the log");
      await set.shutdown();
    },
  ),
  caseOf(
    "CO-6",
    "restart-max-delay",
    "never waits longer than maxDelay for a restart",
    { needs: ["openBackgroundTasks"] },
    async (trial) => {
      const set = trial.api.openBackgroundTasks();
      let runs = 0;
      const service = set.add(
        () => {
          trial.say(`run ${++runs}`);
          if (runs < 4) throw new Error("boom");
        },
        { name: "beat", onError: ignore, restart: { on: "failure", delay: 10, factor: 10, maxDelay: 20 } },
      );
      await service;
      equal(trial.log, ["0 run 1", "10 run 2", "30 run 3", "50 run 4"], "the log");
      await set.shutdown();
    },
  ),
  caseOf(
    "CO-6",
    "each-failure",
    "tells the handler of the failure of each run",
    { needs: ["openBackgroundTasks"] },
    async ({ api }) => {
      const set = api.openBackgroundTasks();
      const told: unknown[] = [];
      let runs = 0;
      const service = set.add(() => (++runs < 3 ? Promise.reject(runs) : undefined), {
        name: "beat",
        onError: (error) => void told.push(error),
        restart: { on: "failure", delay: 10 },
      });
      await service;
      equal(told, [1, 2], "what the handler was told");
      await set.shutdown();
    },
  ),
  caseOf(
    "CO-6",
    "no-restart-unasked",
    "doesn't run a service again that didn't ask for it",
    { needs: ["openBackgroundTasks"] },
    async ({ api }) => {
      const set = api.openBackgroundTasks();
      let runs = 0;
      const service = set.add(() => Promise.reject(++runs), { name: "beat", onError: ignore });
      await rejectionOf(service);
      await pause(10_000);
      equal(runs, 1, "the number of runs");
      await set.shutdown();
    },
  ),
  caseOf(
    "CO-6",
    "restart-always",
    "runs a service again that has returned if it asked for that, and only then",
    { needs: ["openBackgroundTasks"] },
    async ({ api }) => {
      const set = api.openBackgroundTasks();
      let [always, onFailure] = [0, 0];
      const options = { name: "beat", onError: ignore };
      const first = set.add(() => void always++, { ...options, restart: { on: "always", delay: 10 } });
      const second = set.add(() => void onFailure++, { ...options, restart: { on: "failure", delay: 10 } });
      first.catch(ignore);
      await second;
      await pause(25);
      equal([always, onFailure], [3, 1], "the numbers of runs");
      await set.shutdown();
    },
  ),
  caseOf(
    "CO-6",
    "shutdown-lets-end",
    "lets services end by themselves before `cancelAfter` has passed",
    { needs: ["openBackgroundTasks"] },
    async (trial) => {
      const set = trial.api.openBackgroundTasks();
      void set.add((task) => trial.sleep(task, 20).then(() => trial.say("ended")), { name: "beat", onError: ignore });
      await pause(1);
      await set.shutdown({ cancelAfter: 1000 });
      trial.say("shut down");
      equal(trial.log, ["20 ended", "20 shut down"], "the log");
    },
  ),
  caseOf(
    "CO-6",
    "shutdown-cancels",
    "cancels the services when `cancelAfter` has passed, and drains them",
    { needs: ["openBackgroundTasks"] },
    async (trial) => {
      const set = trial.api.openBackgroundTasks();
      set.add(linger(trial, "beat", 5), { name: "beat", onError: ignore }).catch(ignore);
      await pause(1);
      await set.shutdown({ cancelAfter: 10 });
      trial.say("shut down");
      equal(trial.log, ["16 beat cleaned up", "16 shut down"], "the log");
    },
  ),
  caseOf(
    "CO-6",
    "shutdown-no-restart",
    "restarts nobody once it shuts down",
    { needs: ["openBackgroundTasks"] },
    async ({ api, clock }) => {
      const set = api.openBackgroundTasks();
      let runs = 0;
      const restart = { on: "failure", delay: 10_000 } as const;
      set.add(() => Promise.reject(++runs), { name: "beat", onError: ignore, restart }).catch(ignore);
      await pause(5);
      await set.shutdown({ cancelAfter: 100_000 });
      equal([runs, clock.now()], [1, 5], "the number of runs and the time");
    },
  ),
  caseOf(
    "CO-6",
    "size",
    "counts the services that haven't ended",
    { needs: ["openBackgroundTasks"] },
    async (trial) => {
      const set = trial.api.openBackgroundTasks();
      const options = { name: "beat", onError: ignore };
      void set.add(() => pause(10), options);
      void set.add(() => pause(20), options);
      equal(set.size, 2, "the size at first");
      await pause(15);
      equal(set.size, 1, "the size later");
      await set.shutdown({ cancelAfter: 1000 });
      equal(set.size, 0, "the size at the end");
    },
  ),
];
