import { type Case, caseOf } from "../case.ts";
import { check, contains, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import type { Report } from "../target.ts";
import { pause } from "./pause.ts";
import { failsWith } from "./thrown-group.ts";

const OPEN = ["openTaskGroup"] as const;
const DISPOSED = ["openTaskGroup", "async dispose"] as const;

const warnings = (reports: readonly Report[]): string[] =>
  reports.flatMap((report) => ("warning" in report ? [report.warning] : []));

export const openTaskGroups: readonly Case[] = [
  caseOf(
    "LC-5",
    "join-waits",
    "waits for every member in join(), and cancels nobody",
    { needs: OPEN },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      const tasks = [10, 30, 20].map((ms) => group.createTask((task) => trial.sleep(task, ms).then(() => ms)));
      equal(await group.join(), undefined);
      equal([await Promise.all(tasks), trial.clock.now()], [[10, 30, 20], 30]);
    },
  ),
  caseOf(
    "LC-5",
    "join-newcomers",
    "waits in join() for members that came after the call",
    { needs: OPEN },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      group.createTask(async (task) => {
        await trial.sleep(task, 10);
        group.createTask((newcomer) => trial.sleep(newcomer, 10));
      });
      await group.join();
      equal(trial.clock.now(), 20);
    },
  ),
  caseOf(
    "LC-5",
    "join-fails",
    "rejects from join() with the group of failures, after cancelling the others",
    { needs: OPEN },
    async (trial) => {
      const boom = new Error("boom");
      const group = trial.api.openTaskGroup();
      group.createTask((task) => trial.sleep(task, 1000));
      group.createTask(() => Promise.reject(boom));
      await failsWith(group.join(), boom);
      equal(trial.clock.now(), 0);
    },
  ),
  caseOf(
    "LC-5",
    "join-outside",
    "rejects from join() with the reason of an outside cancel",
    { needs: [...OPEN, "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const group = trial.api.openTaskGroup({ signal: outside.signal });
      group.createTask((task) => trial.sleep(task, 1000));
      await pause(1);
      outside.abort(stop);
      same(await rejectionOf(group.join(), "join()"), stop);
    },
  ),
  caseOf(
    "LC-5",
    "join-deadline",
    "rejects from join() with a TimeoutError if the deadline cut a member short",
    { needs: [...OPEN, "option.timeout", "TimeoutError"] },
    async (trial) => {
      const group = trial.api.openTaskGroup({ timeout: 10 });
      group.createTask((task) => trial.sleep(task, 1000));
      instance(await rejectionOf(group.join(), "join()"), trial.api.TimeoutError);
    },
  ),
  caseOf(
    "LC-5",
    "join-cancelled",
    "resolves from join() after group.cancel()",
    { needs: [...OPEN, "group.cancel"] },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      group.createTask((task) => trial.sleep(task, 1000));
      await pause(1);
      group.cancel();
      equal([await group.join(), trial.clock.now()], [undefined, 1]);
    },
  ),
  caseOf("LC-5", "finished", "is finished after join(): createTask throws", { needs: OPEN }, async ({ api }) => {
    const group = api.openTaskGroup();
    await group.join();
    thrownBy(() => group.createTask(() => {}), "createTask after join()");
  }),
  caseOf(
    "LC-5",
    "dispose-cancels",
    "cancels the members of a group that is left without join(), and waits for them",
    { needs: DISPOSED },
    async (trial) => {
      const use = async (): Promise<void> => {
        await using group = trial.api.openTaskGroup();
        group.createTask(async (task) => {
          await trial.sleep(task, 1000).catch(() => {});
          trial.say("cancelled");
          await pause(5);
          trial.say("cleaned up");
        });
        await pause(1);
      };
      await use();
      trial.say("left");
      equal(trial.log, ["1 cancelled", "6 cleaned up", "6 left"]);
    },
  ),
  caseOf(
    "LC-5",
    "dispose-stubborn",
    "waits on disposal for a member that ignores its cancellation",
    { needs: OPEN },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      group.createTask(() => pause(100));
      await pause(1);
      await group.close();
      equal(trial.clock.now(), 100);
    },
  ),
  caseOf("LC-5", "close", "does on close() what disposal does", { needs: OPEN }, async (trial) => {
    const group = trial.api.openTaskGroup();
    group.createTask((task) => trial.sleep(task, 1000));
    await pause(1);
    await group.close();
    equal(trial.clock.now(), 1);
    thrownBy(() => group.createTask(() => {}), "createTask after close()");
  }),
  caseOf(
    "LC-5",
    "block-throws",
    "cancels the members when the block throws, whose error comes out bare",
    { needs: DISPOSED },
    async (trial) => {
      const boom = new Error("block");
      const use = async (): Promise<void> => {
        await using group = trial.api.openTaskGroup();
        group.createTask((task) => trial.sleep(task, 1000));
        await pause(1);
        throw boom;
      };
      same(await rejectionOf(use(), "the block"), boom);
      equal(trial.clock.now(), 1);
    },
  ),
  caseOf("LC-5", "after-join", "does nothing on disposal after join()", { needs: DISPOSED }, async (trial) => {
    const use = async (): Promise<void> => {
      await using group = trial.api.openTaskGroup();
      group.createTask((task) => trial.sleep(task, 10));
      await group.join();
    };
    await use();
    equal([trial.clock.now(), trial.reports], [10, []]);
  }),
  caseOf(
    "LC-5",
    "after-failed-join",
    "doesn't throw on disposal what join() has thrown",
    { needs: OPEN },
    async (trial) => {
      const boom = new Error("boom");
      const group = trial.api.openTaskGroup();
      group.createTask(() => Promise.reject(boom));
      await failsWith(group.join(), boom);
      equal(await trial.outcome(group.close()), { value: undefined });
    },
  ),
  caseOf(
    "LC-5",
    "floating-join",
    "waits on disposal for a join() that nobody awaited, and cancels nobody",
    { needs: OPEN },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      const task = group.createTask((scope) => trial.sleep(scope, 10).then(() => "slept"));
      void group.join();
      await group.close();
      equal([await task, trial.clock.now()], ["slept", 10]);
    },
  ),
  caseOf(
    "LC-5",
    "unseen",
    "throws on disposal the failures that nobody has awaited",
    { needs: OPEN },
    async (trial) => {
      const boom = new Error("boom");
      const group = trial.api.openTaskGroup();
      group.createTask(() => Promise.reject(boom));
      await pause(1);
      await failsWith(group.close(), boom);
    },
  ),
  caseOf(
    "LC-5",
    "rollback",
    "throws on disposal what a member throws while it is cancelled",
    { needs: OPEN },
    async (trial) => {
      const rollback = new Error("rollback");
      const group = trial.api.openTaskGroup();
      group.createTask((task) =>
        trial.sleep(task, 1000).catch(() => {
          throw rollback;
        }),
      );
      await pause(1);
      await failsWith(group.close(), rollback);
    },
  ),
  caseOf(
    "LC-5",
    "no-echo",
    "doesn't throw on disposal a failure that the block has awaited: the block's error comes out alone",
    { needs: DISPOSED },
    async (trial) => {
      const boom = new Error("boom");
      const use = async (): Promise<void> => {
        await using group = trial.api.openTaskGroup();
        await group.createTask(() => Promise.reject(boom));
      };
      same(await rejectionOf(use(), "the block"), boom);
    },
  ),
  caseOf(
    "LC-5",
    "only-unseen",
    "throws on disposal the failures that were not awaited, and only those",
    { needs: [...OPEN, "option.failFast"] },
    async (trial) => {
      const unseen = new Error("unseen");
      const group = trial.api.openTaskGroup({ failFast: false });
      group.createTask(() => Promise.reject(unseen));
      await trial.outcome(group.createTask(() => Promise.reject(new Error("seen"))));
      group.createTask(() => Promise.reject(undefined));
      await pause(1);
      await failsWith(group.close(), unseen, undefined);
    },
  ),
  caseOf(
    "LC-5",
    "outside-unjoined",
    "doesn't throw the reason of an outside cancel on disposal",
    { needs: [...OPEN, "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const group = trial.api.openTaskGroup({ signal: outside.signal });
      group.createTask((task) => trial.sleep(task, 1000));
      await pause(1);
      outside.abort(new Error("stop"));
      equal(await trial.outcome(group.close()), { value: undefined });
    },
  ),
  caseOf(
    "LC-5",
    "warning",
    "names the members that were still alive in a warning",
    { needs: [...OPEN, "reports", "task option.name"] },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      group.createTask(() => {}, { name: "quick" });
      group.createTask((task) => trial.sleep(task, 1000), { name: "slow" });
      await pause(1);
      await group.close();
      const [warning = "", ...more] = warnings(trial.reports);
      contains(warning, "slow", "the warning");
      check(!warning.includes("quick"), "the warning should not name who has ended");
      equal(more, [], "further warnings");
    },
  ),
  caseOf(
    "LC-5",
    "warning-always",
    "warns also of members that had been cancelled before the group was left",
    { needs: [...OPEN, "reports", "group.cancel"] },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      group.createTask(() => pause(10));
      await pause(1);
      group.cancel();
      await group.close();
      equal(warnings(trial.reports).length, 1, "the number of warnings");
    },
  ),
  caseOf(
    "LC-5",
    "no-warning",
    "reports nothing when nobody was alive",
    { needs: [...OPEN, "reports"] },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      await group.createTask(() => 1);
      await group.close();
      equal(trial.reports, []);
    },
  ),
  caseOf(
    "LC-5",
    "unjoined-handles",
    "raises no unhandled rejection for the handles of a group that was left",
    { needs: [...OPEN, "unhandled rejections"] },
    async (trial) => {
      const group = trial.api.openTaskGroup();
      group.createTask((task) => trial.sleep(task, 1000));
      void group.createTask((task) => trial.sleep(task, 1000)).then(() => {});
      await pause(1);
      await group.close();
      equal(await trial.takeUnhandled(), []);
    },
  ),
];
