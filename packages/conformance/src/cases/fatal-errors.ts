import { type Case, caseOf } from "../case.ts";
import { equal, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";

export const fatalErrors: readonly Case[] = [
  caseOf(
    "OUT-1",
    "member",
    "lets a member's KeyboardInterrupt out bare, with other failures there or not",
    { needs: ["KeyboardInterrupt"] },
    async (trial) => {
      for (const others of [0, 2]) {
        const fatal = new trial.api.KeyboardInterrupt("stop");
        const block = trial.api.taskGroup((group) => {
          for (let n = 0; n < others; n++) group.createTask(() => Promise.reject(new Error("other")));
          group.createTask(() => Promise.reject(fatal));
        });
        same(await rejectionOf(block, "the block"), fatal, "what the block rejects with");
      }
    },
  ),
  caseOf(
    "OUT-1",
    "first",
    "lets the first of several fatal errors out",
    { needs: ["KeyboardInterrupt", "SystemExit"] },
    async ({ api }) => {
      const first = new api.SystemExit(3);
      const block = api.taskGroup((group) => {
        group.createTask(() => Promise.reject(first));
        group.createTask(() => Promise.reject(new api.KeyboardInterrupt("stop")));
      });
      same(await rejectionOf(block, "the block"), first);
    },
  ),
  caseOf(
    "OUT-1",
    "others-reported",
    "reports every other error when a fatal one comes out",
    { needs: ["KeyboardInterrupt", "reports"] },
    async (trial) => {
      const fatal = new trial.api.KeyboardInterrupt("stop");
      const [before, after, body] = [new Error("before"), new Error("after"), new Error("body")] as const;
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(() => Promise.reject(before));
        group.createTask(() => Promise.reject(fatal));
        group.createTask((task) => trial.sleep(task, 1000).catch(() => pause(10).then(() => Promise.reject(after))));
        await trial.sleep(group, 1000).catch(() => {});
        throw body;
      });
      same(await rejectionOf(block, "the block"), fatal, "what the block rejects with");
      const reported = trial.reports.map((report) => ("error" in report ? report.error : report.warning));
      equal(reported, [before, after, body], "what was reported");
    },
  ),
  caseOf(
    "OUT-1",
    "cleanup",
    "lets a cleanup's fatal error out bare, although others failed before",
    { needs: ["SystemExit", "group.defer"] },
    async ({ api }) => {
      const fatal = new api.SystemExit(1);
      const block = api.taskGroup((group) => {
        group.createTask(() => Promise.reject(new Error("boom")));
        group.defer(() => Promise.reject(fatal));
      });
      same(await rejectionOf(block, "the block"), fatal);
    },
  ),
  caseOf(
    "OUT-1",
    "beats-outside",
    "lets a fatal error out rather than the reason of an outside cancel",
    { needs: ["SystemExit", "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const fatal = new trial.api.SystemExit(1);
      const block = trial.api.taskGroup({ signal: outside.signal }, async (group) => {
        outside.abort(new Error("stop"));
        await trial.sleep(group, 1000).catch(() => {});
        throw fatal;
      });
      same(await rejectionOf(block, "the block"), fatal);
    },
  ),
  caseOf(
    "OUT-1",
    "beats-deadline",
    "lets a fatal error out rather than a TimeoutError",
    { needs: ["SystemExit", "option.timeout"] },
    async (trial) => {
      const fatal = new trial.api.SystemExit(1);
      const block = trial.api.taskGroup({ timeout: 10 }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        group.createTask((task) => trial.sleep(task, 1000).catch(() => Promise.reject(fatal)));
      });
      same(await rejectionOf(block, "the block"), fatal);
    },
  ),
  caseOf(
    "OUT-1",
    "nested",
    "lets a fatal error out bare through every group around it",
    { needs: ["KeyboardInterrupt"] },
    async (trial) => {
      const fatal = new trial.api.KeyboardInterrupt("stop");
      const block = trial.api.taskGroup((outer) => {
        outer.createTask((task) =>
          trial.nested(task, (middle: typeof outer) => {
            middle.createTask((member) =>
              trial.nested(member, (inner: typeof outer) => void inner.createTask(() => Promise.reject(fatal))),
            );
          }),
        );
      });
      same(await rejectionOf(block, "the block"), fatal);
    },
  ),

  caseOf(
    "ER-5",
    "member-drains",
    "cancels and drains the group when a member throws a KeyboardInterrupt",
    { needs: ["KeyboardInterrupt"] },
    async (trial) => {
      const fatal = new trial.api.KeyboardInterrupt("stop");
      const block = trial.api.taskGroup((group) => {
        group.createTask(async (task) => {
          await trial.sleep(task, 1000).catch(() => pause(40));
          trial.say("cleaned up");
        });
        group.createTask((task) => trial.sleep(task, 1).then(() => Promise.reject(fatal)));
      });
      same(await rejectionOf(block, "the block"), fatal, "what the block rejects with");
      trial.say("settled");
      equal(trial.log, ["41 cleaned up", "41 settled"]);
    },
  ),
  caseOf(
    "ER-5",
    "body-drains",
    "cancels and drains the group when the body throws a SystemExit",
    { needs: ["SystemExit"] },
    async (trial) => {
      const fatal = new trial.api.SystemExit(3);
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(async (task) => {
          await trial.sleep(task, 1000).catch(() => pause(40));
          trial.say("cleaned up");
        });
        await trial.sleep(group, 1);
        throw fatal;
      });
      same(await rejectionOf(block, "the block"), fatal, "what the block rejects with");
      trial.say("settled");
      equal(trial.log, ["41 cleaned up", "41 settled"]);
    },
  ),
  caseOf(
    "ER-5",
    "supervised",
    "cancels the others for a fatal error under failFast: false, too",
    { needs: ["KeyboardInterrupt", "option.failFast"] },
    async (trial) => {
      const fatal = new trial.api.KeyboardInterrupt("stop");
      const block = trial.api.taskGroup({ failFast: false }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(fatal)));
      });
      same(await rejectionOf(block, "the block"), fatal, "what the block rejects with");
      equal(trial.clock.now(), 10);
    },
  ),
  caseOf(
    "ER-5",
    "handled",
    "doesn't give a fatal error to onFailure",
    { needs: ["KeyboardInterrupt", "option.onFailure"] },
    async (trial) => {
      const fatal = new trial.api.KeyboardInterrupt("stop");
      const block = trial.api.taskGroup({ onFailure: () => trial.say("asked") }, (group) => {
        group.createTask((task) => trial.sleep(task, 1000));
        group.createTask((task) => trial.sleep(task, 10).then(() => Promise.reject(fatal)));
      });
      same(await rejectionOf(block, "the block"), fatal, "what the block rejects with");
      equal([trial.log, trial.clock.now()], [[], 10]);
    },
  ),
];
