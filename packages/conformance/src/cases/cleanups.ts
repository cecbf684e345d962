import { type Case, caseOf } from "../case.ts";
import { equal, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** CO-8 and CO-9 */
export const cleanups: readonly Case[] = [
  caseOf(
    "CO-8",
    "last-in-first-out",
    "runs cleanups last in, first out, one after another, after every member has ended and before the block settles",
    { needs: ["group.defer"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.defer(() => pause(5).then(() => trial.say("first")));
        group.defer(() => pause(5).then(() => trial.say("second")));
        group.createTask(() => pause(10).then(() => trial.say("member")));
      });
      trial.say("settled");
      equal(trial.log, ["10 member", "15 second", "20 first", "20 settled"], "the log");
    },
  ),
  caseOf(
    "CO-8",
    "member-defers",
    "runs cleanups that a member gave to the group as well",
    { needs: ["group.defer"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.createTask(async () => {
          await pause(5);
          group.defer(() => trial.say("cleanup"));
          await pause(5);
        });
      });
      equal(trial.log, ["10 cleanup"], "the log");
    },
  ),
  caseOf(
    "CO-8",
    "failed-group",
    "runs the cleanups of a group that has failed, after the drain",
    { needs: ["group.defer"] },
    async (trial) => {
      await rejectionOf(
        trial.api.taskGroup((group) => {
          group.defer(() => trial.say("cleanup"));
          group.createTask(linger(trial, "slow", 5));
          group.createTask(() => Promise.reject(boom));
        }),
      );
      equal(trial.log, ["5 slow cleaned up", "5 cleanup"], "the log");
    },
  ),
  caseOf(
    "CO-8",
    "shielded",
    "runs a cleanup to its end although it is cancelled from outside meanwhile, and then gives the reason",
    { needs: ["group.defer", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 5);
      const error = await rejectionOf(
        trial.api.taskGroup({ signal: controller.signal }, (group) => {
          group.defer(() => pause(5).then(() => trial.say("first")));
          group.defer(() => pause(10).then(() => trial.say("second")));
        }),
      );
      same(error, stop, "the error");
      equal(trial.log, ["10 second", "15 first"], "the log");
    },
  ),
  caseOf(
    "CO-8",
    "errors-in-group",
    "has what cleanups throw in its group, in the order in which they ran, after the error of the body",
    { needs: ["group.defer"] },
    async ({ api }) => {
      const error = await rejectionOf(
        api.taskGroup((group) => {
          group.defer(() => Promise.reject("second cleanup"));
          group.defer(() => Promise.reject("first cleanup"));
          throw "body";
        }),
      );
      equal(errorsOf(error), ["body", "first cleanup", "second cleanup"], "the errors");
    },
  ),
  caseOf(
    "CO-8",
    "error-stops-nobody",
    "runs the other cleanups when one throws",
    { needs: ["group.defer"] },
    async (trial) => {
      await rejectionOf(
        trial.api.taskGroup((group) => {
          group.defer(() => trial.say("other"));
          group.defer(() => {
            throw boom;
          });
        }),
      );
      equal(trial.log, ["0 other"], "the log");
    },
  ),
  caseOf(
    "CO-8",
    "falsy-error",
    "fails when a cleanup throws undefined",
    { needs: ["group.defer"] },
    async ({ api }) => {
      const error = await rejectionOf(
        api.taskGroup((group) => group.defer(() => Promise.reject(undefined))),
        "the group",
      );
      equal(errorsOf(error), [undefined]);
    },
  ),
  caseOf(
    "CO-8",
    "use",
    "disposes of a resource after every member has ended, and gives it back from use()",
    { needs: ["group.use", "async dispose"] },
    async (trial) => {
      const resource = { [Symbol.dispose]: () => trial.say("disposed") };
      await trial.api.taskGroup((group) => {
        same(group.use(resource), resource, "what use() gives");
        group.createTask(() => pause(10));
      });
      equal(trial.log, ["10 disposed"], "the log");
    },
  ),
  caseOf(
    "CO-8",
    "use-async",
    "prefers a resource's asynchronous disposal, and waits for it",
    { needs: ["group.use", "async dispose"] },
    async (trial) => {
      await trial.api.taskGroup((group) => {
        group.use({
          [Symbol.dispose]: () => trial.say("synchronously"),
          [Symbol.asyncDispose]: () => pause(5).then(() => trial.say("asynchronously")),
        });
      });
      trial.say("settled");
      equal(trial.log, ["5 asynchronously", "5 settled"], "the log");
    },
  ),
  caseOf(
    "CO-9",
    "idle",
    "waits in idle() for the members, those that come meanwhile too, and takes more afterwards",
    { needs: ["group.idle"] },
    async (trial) => {
      await trial.api.taskGroup(async (group) => {
        group.createTask(async () => {
          await pause(5);
          group.createTask(() => pause(5));
        });
        await group.idle();
        trial.say("idle");
        group.createTask(() => pause(10));
        await group.idle();
        trial.say("idle again");
      });
      equal(trial.log, ["10 idle", "20 idle again"], "the log");
    },
  ),
  caseOf(
    "CO-9",
    "idle-empty",
    "resolves idle() at once if there are no members",
    { needs: ["group.idle"] },
    async ({ api, clock }) => {
      await api.taskGroup((group) => group.idle());
      equal(clock.now(), 0, "the time");
    },
  ),
  caseOf(
    "CO-9",
    "idle-queued",
    "waits in idle() for members that wait for a slot",
    { needs: ["group.idle", "option.limit"] },
    async (trial) => {
      await trial.api.taskGroup({ limit: 1 }, async (group) => {
        group.createTask(() => pause(5));
        group.createTask(() => pause(5));
        await group.idle();
        trial.say("idle");
      });
      equal(trial.log, ["10 idle"], "the log");
    },
  ),
  caseOf(
    "CO-9",
    "idle-cancelled",
    "rejects idle() with the reason when the group is cancelled",
    { needs: ["group.idle", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const seen: unknown[] = [];
      await rejectionOf(
        trial.api.taskGroup({ signal: controller.signal }, async (group) => {
          group.createTask((task) => trial.sleep(task, 1000));
          seen.push(await rejectionOf(group.idle(), "idle()"), trial.clock.now());
        }),
      );
      equal(seen, [stop, 10], "what idle() rejects with, and when");
    },
  ),
  caseOf(
    "CO-9",
    "size",
    "counts in `size` the members that haven't ended, pending and running",
    { needs: ["group.size", "option.limit"] },
    async ({ api }) => {
      await api.taskGroup({ limit: 1 }, async (group) => {
        const sizes: number[] = [group.size];
        group.createTask(() => pause(10));
        group.createTask(() => pause(10));
        sizes.push(group.size);
        await pause(15);
        sizes.push(group.size);
        await pause(10);
        equal([...sizes, group.size], [0, 2, 1, 0], "the sizes");
      });
    },
  ),
];
