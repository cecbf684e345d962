import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same } from "../check.ts";
import { isCollected } from "./is-collected.ts";
import { failsWith } from "./thrown-group.ts";

const SUPERVISED = ["option.failFast"] as const;
const HANDLED = ["option.onFailure"] as const;

export const supervision: readonly Case[] = [
  caseOf(
    "FF-4",
    "cancels-nobody",
    "cancels nobody under failFast: false when a member fails",
    { needs: SUPERVISED },
    async (trial) => {
      const boom = new Error("boom");
      let isBodyCancelled: boolean | undefined;
      const block = trial.api.taskGroup({ failFast: false }, async (group) => {
        group.createTask(() => Promise.reject(boom));
        group.createTask((task) => trial.sleep(task, 40).then(() => trial.say("member ends")));
        await trial.sleep(group, 30);
        isBodyCancelled = trial.isCancelled(group);
      });
      await failsWith(block, boom);
      equal([trial.log, isBodyCancelled], [["40 member ends"], false]);
    },
  ),
  caseOf(
    "FF-4",
    "all-failures",
    "throws at the end under failFast: false all that failed, as it failed",
    { needs: SUPERVISED },
    async (trial) => {
      const errors = [new Error("first"), new Error("second"), new Error("third")] as const;
      const block = trial.api.taskGroup({ failFast: false }, (group) => {
        for (const [n, ms] of [30, 10, 20].entries()) {
          group.createTask((task) => trial.sleep(task, ms).then(() => Promise.reject(errors[n])));
        }
      });
      await failsWith(block, errors[1], errors[2], errors[0]);
    },
  ),
  caseOf(
    "FF-4",
    "newcomers",
    "takes newcomers under failFast: false after a failure",
    { needs: SUPERVISED },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ failFast: false }, async (group) => {
        group.createTask(() => Promise.reject(boom));
        await trial.sleep(group, 1);
        group.createTask(() => trial.say("newcomer runs"));
      });
      await failsWith(block, boom);
      equal(trial.log, ["1 newcomer runs"]);
    },
  ),
  caseOf(
    "FF-4",
    "body-cancels",
    "cancels the members under failFast: false when the body fails",
    { needs: SUPERVISED },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ failFast: false }, async (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        await trial.sleep(group, 10);
        throw boom;
      });
      await failsWith(block, boom);
      equal(trial.clock.now(), 10);
    },
  ),
  caseOf(
    "FF-4",
    "handler",
    "gives each failure to onFailure, and settles with the body's value",
    { needs: HANDLED },
    async (trial) => {
      const errors = [new Error("a"), undefined, new Error("b")] as const;
      const seen: unknown[] = [];
      const onFailure = (error: unknown): void => void seen.push(error);
      const value = await trial.api.taskGroup({ onFailure }, async (group) => {
        for (const error of errors) group.createTask(() => Promise.reject(error));
        await trial.sleep(group, 10);
        return "value";
      });
      equal(value, "value");
      equal(seen.length, errors.length, "how many failures the handler got");
      for (const [n, error] of errors.entries()) same(seen[n], error, "what the handler got");
    },
  ),
  caseOf(
    "FF-4",
    "handler-task",
    "tells onFailure which task failed",
    { needs: [...HANDLED, "task option.name", "failures"] },
    async ({ api }) => {
      const names: unknown[] = [];
      await api.taskGroup({ onFailure: (_error, { name }) => void names.push(name) }, (group) => {
        for (const name of ["a", "b"]) group.createTask(() => Promise.reject(new Error("boom")), { name });
      });
      equal(names, ["a", "b"]);
    },
  ),
  caseOf(
    "FF-4",
    "handler-cancels-nobody",
    "cancels nobody when a failure goes to onFailure",
    { needs: HANDLED },
    async (trial) => {
      await trial.api.taskGroup({ onFailure: () => {} }, (group) => {
        group.createTask(() => Promise.reject(new Error("boom")));
        group.createTask((task) => trial.sleep(task, 40).then(() => trial.say("member ends")));
      });
      equal(trial.log, ["40 member ends"]);
    },
  ),
  caseOf(
    "FF-4",
    "handler-body",
    "doesn't ask onFailure about the body's failure, which cancels the members",
    { needs: HANDLED },
    async (trial) => {
      const boom = new Error("boom");
      const block = trial.api.taskGroup({ onFailure: () => trial.say("asked") }, async (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        await trial.sleep(group, 10);
        throw boom;
      });
      await failsWith(block, boom);
      equal([trial.log, trial.clock.now()], [[], 10]);
    },
  ),
  caseOf(
    "FF-4",
    "handler-throws",
    "fails with what onFailure throws, and cancels the others",
    { needs: HANDLED },
    async (trial) => {
      const broken = new Error("broken handler");
      const onFailure = (): never => {
        throw broken;
      };
      const block = trial.api.taskGroup({ onFailure }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(new Error("boom"))));
      });
      await failsWith(block, broken);
      equal(trial.clock.now(), 10);
    },
  ),
  caseOf(
    "FF-4",
    "handler-keeps-nothing",
    "keeps no error that went to onFailure",
    { needs: [...HANDLED, "garbage collection"] },
    async (trial) => {
      const isGone = await trial.api.taskGroup({ onFailure: () => {} }, async (group) => {
        let ref: WeakRef<Error> | undefined;
        group.createTask(() => {
          const fresh = new Error("fresh");
          ref = new WeakRef(fresh);
          throw fresh;
        });
        await trial.sleep(group, 1);
        return isCollected(trial, ref);
      });
      equal(isGone, true, "whether the error was collected while the group is open");
    },
  ),
  caseOf(
    "FF-4",
    "handler-beside-fail-fast",
    "rejects onFailure beside failFast: true with a TypeError, and never calls the body",
    { needs: [...HANDLED, ...SUPERVISED] },
    async (trial) => {
      const block = trial.api.taskGroup({ failFast: true, onFailure: () => {} }, () => trial.say("called"));
      instance(await rejectionOf(block, "the block"), TypeError, "what the block rejects with");
      equal(trial.log, []);
    },
  ),
];
