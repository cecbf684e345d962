import type { Draining, Scope, TaskGroup } from "@cohort/core";
import { type Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, contains, equal } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";

/** Something that ends when its work has ended; the work ignores that it is cancelled. */
type Deaf = readonly [
  name: string,
  what: string,
  needs: readonly Capability[],
  block: (scope: TaskGroup, work: () => Promise<void>) => Promise<unknown>,
];

const deaf: readonly Deaf[] = [
  [
    "member",
    "a member",
    ["scope.taskGroup"],
    (scope, work) =>
      scope.taskGroup(async (group) => {
        group.createTask(work);
        group.createTask(() => pause(1).then(() => Promise.reject(new Error("boom"))));
      }),
  ],
  [
    "group-body",
    "the body of a group",
    ["scope.taskGroup"],
    (scope, work) =>
      scope.taskGroup((group) => {
        group.createTask(() => Promise.reject(new Error("boom")));
        return work();
      }),
  ],
  ["fail-after-body", "the body of failAfter()", ["scope.failAfter"], (scope, work) => scope.failAfter(1, work)],
  [
    "fail-at-body",
    "the body of failAt()",
    ["scope.failAt"],
    (scope, work) => scope.failAt(new Date(Date.now() + 1), work),
  ],
  [
    "move-on-after-body",
    "the body of moveOnAfter()",
    ["scope.moveOnAfter"],
    (scope, work) => scope.moveOnAfter(1, work),
  ],
  ["shield-body", "the body of shield()", ["scope.shield"], (scope, work) => scope.shield({ timeout: 1 }, work)],
  [
    "cleanup",
    "a cleanup",
    ["scope.taskGroup", "group.defer", "group.cancel"],
    (scope, work) =>
      scope.taskGroup((group) => {
        group.defer(work);
        group.cancel();
      }),
  ],
  [
    "background-member",
    "a background member",
    ["scope.taskGroup", "task option.background"],
    (scope, work) =>
      scope.taskGroup(async (group) => {
        group.createTask(work, { background: true });
        await pause(1);
      }),
  ],
  [
    "loser",
    "a loser of firstSuccess()",
    ["scope.firstSuccess"],
    (scope, work) => scope.firstSuccess([() => pause(1), work]),
  ],
];

/** The warnings about this one. */
const warningsOf = ({ reports }: Trial, name: string): string[] =>
  reports.flatMap((report) => ("warning" in report && report.warning.includes(name) ? report.warning : []));

/** A cancelled group with a member of that name that ignores it for a time. */
function stubborn(trial: Trial, options: Draining & { name?: string }, ms: number, name: string): Promise<unknown> {
  return trial.api.taskGroup(options, async (group) => {
    group.createTask(() => pause(ms), { name });
    await pause(10);
    group.cancel();
  });
}

const drained: readonly Capability[] = ["reports", "group.cancel", "task option.name"];

/** CA-8: waiting for what ignores its cancellation, and telling of it. */
export const draining: readonly Case[] = [
  ...deaf.map(([name, what, needs, block]) =>
    caseOf(
      "CA-8",
      `waits-for-${name}`,
      `waits for ${what}, however long it ignores its cancellation`,
      { needs },
      async (trial) => {
        let endedAt: number | undefined;
        let leftAt: number | undefined;
        await trial.api.taskGroup(async (group) => {
          const work = async (): Promise<void> => {
            await pause(100_000);
            endedAt = trial.clock.now();
          };
          await trial.outcome(block(group, work));
          leftAt = trial.clock.now();
        });
        check(endedAt !== undefined && endedAt >= 100_000, "the work should have ended");
        equal(leftAt, endedAt, "when the block is left");
      },
    ),
  ),

  caseOf(
    "CA-8",
    "default-grace",
    "reports a member that ignores its cancellation 5000 ms after that, by its name and its path",
    { needs: [...drained, "option.name"] },
    async (trial) => {
      const counts: number[] = [];
      const count = (): unknown => counts.push(warningsOf(trial, "deaf").length);
      setTimeout(count, 5009);
      setTimeout(count, 5011);
      await stubborn(trial, { name: "shop" }, 6000, "deaf");
      equal(counts, [0, 1], "the reports after 5009 and after 5011 ms");
      contains(warningsOf(trial, "deaf")[0] ?? "", "shop", "the report");
    },
  ),

  caseOf(
    "CA-8",
    "own-grace",
    "reports after the group's own grace, and says how long it has been",
    { needs: [...drained, "option.grace"] },
    async (trial) => {
      const counts: number[] = [];
      const count = (): unknown => counts.push(warningsOf(trial, "deaf").length);
      setTimeout(count, 129);
      setTimeout(count, 131);
      await stubborn(trial, { grace: 120 }, 1000, "deaf");
      equal(counts, [0, 1], "the reports after 129 and after 131 ms");
      contains(warningsOf(trial, "deaf")[0] ?? "", "120", "the report");
    },
  ),

  caseOf(
    "CA-8",
    "reported-once",
    "reports a straggler once, however long it stays",
    { needs: [...drained, "option.grace"] },
    async (trial) => {
      await stubborn(trial, { grace: 10 }, 10_000, "deaf");
      equal(warningsOf(trial, "deaf").length, 1, "the reports");
    },
  ),

  caseOf(
    "CA-8",
    "each-reported",
    "reports each straggler, and nobody who went",
    { needs: [...drained, "option.grace"] },
    async (trial) => {
      await trial.api.taskGroup({ grace: 10 }, async (group) => {
        for (const name of ["till", "door"]) group.createTask(() => pause(100), { name });
        group.createTask((member) => trial.sleep(member, 100), { name: "obedient" });
        await pause(5);
        group.cancel();
      });
      const counts = ["till", "door", "obedient"].map((name) => warningsOf(trial, name).length);
      equal(counts, [1, 1, 0], "the reports of each");
    },
  ),

  caseOf(
    "CA-8",
    "later-straggler",
    "reports one that becomes a straggler after others were reported: a cleanup that hangs",
    { needs: [...drained, "option.grace", "group.defer"] },
    async (trial) => {
      await trial.api.taskGroup({ grace: 10 }, async (group) => {
        group.createTask(() => pause(30), { name: "early" });
        group.defer(() => pause(100));
        await pause(5);
        group.cancel();
      });
      const early = warningsOf(trial, "early").length;
      equal([early, trial.reports.length], [1, 2], "the reports of the first, and of both");
    },
  ),

  caseOf(
    "CA-8",
    "in-time",
    "reports nothing of what ends within the grace",
    { needs: [...drained, "option.grace"] },
    async (trial) => {
      await stubborn(trial, { grace: 120 }, 125, "deaf");
      equal(trial.reports, [], "the reports");
    },
  ),

  caseOf(
    "CA-8",
    "not-cancelled",
    "reports and abandons nothing as long as nobody cancels",
    { needs: ["reports", "option.grace", "option.abandonAfter"] },
    async (trial) => {
      const value = await trial.api.taskGroup({ grace: 10, abandonAfter: 20 }, (group) => {
        group.createTask(() => pause(1000));
        return 7;
      });
      equal([value, trial.reports], [7, []], "the value, and the reports");
    },
  ),

  caseOf(
    "CA-8",
    "infinite-grace",
    "with a grace of Infinity reports nothing",
    { needs: [...drained, "option.grace"] },
    async (trial) => {
      await stubborn(trial, { grace: Infinity }, 1_000_000, "deaf");
      equal(trial.reports, [], "the reports");
    },
  ),

  caseOf(
    "CA-8",
    "body-is-reported",
    "reports a body that ignores its group's cancellation",
    { needs: ["reports", "option.grace", "option.name", "group.cancel"] },
    async (trial) => {
      await trial.api.taskGroup({ name: "stuck-body", grace: 10 }, (group) => {
        group.cancel();
        return pause(100);
      });
      check(warningsOf(trial, "stuck-body").length > 0, "the body should be reported");
    },
  ),

  caseOf(
    "CA-8",
    "cleanup-is-reported",
    "reports a cleanup that hangs",
    { needs: ["reports", "option.grace", "option.name", "group.cancel", "group.defer"] },
    async (trial) => {
      await trial.api.taskGroup({ name: "stuck-cleanup", grace: 10 }, (group) => {
        group.defer(() => pause(100));
        group.cancel();
      });
      check(warningsOf(trial, "stuck-cleanup").length > 0, "the cleanup should be reported");
    },
  ),

  ...(
    [
      [
        "fail-after",
        "failAfter()",
        ["scope.failAfter"],
        (scope, options) => scope.failAfter(5, () => pause(100), options),
      ],
      [
        "move-on-after",
        "moveOnAfter()",
        ["scope.moveOnAfter"],
        (scope, options) => scope.moveOnAfter(5, () => pause(100), options),
      ],
      [
        "shield",
        "shield()",
        ["scope.shield"],
        (scope, options) => scope.shield({ timeout: 5, ...options }, () => pause(100)),
      ],
      [
        "gather",
        "gather()",
        ["scope.gather"],
        (scope, options) =>
          scope.gather([() => pause(100), () => pause(5).then(() => Promise.reject(new Error("boom")))], options),
      ],
      [
        "first-success",
        "firstSuccess()",
        ["scope.firstSuccess"],
        (scope, options) => scope.firstSuccess([() => pause(100), () => pause(5)], options),
      ],
    ] satisfies [string, string, Capability[], (scope: Scope, options: Draining) => Promise<unknown>][]
  ).flatMap(([name, what, needs, block]) => [
    caseOf(
      "CA-8",
      `grace-of-${name}`,
      `${what} takes a grace: a body that ignores the end is seen to be stuck`,
      { needs: ["reports", ...needs] },
      async (trial) => {
        await trial.api.taskGroup(async (group) => {
          await trial.outcome(block(group, { grace: 10 }));
        });
        equal(trial.reports.length, 1, "the number of reports");
      },
    ),
    caseOf(
      "CA-8",
      `abandon-after-of-${name}`,
      `${what} takes abandonAfter: it is left while the body is still stuck`,
      { needs },
      async (trial) => {
        let leftAt: number | undefined;
        await trial.api.taskGroup(async (group) => {
          await trial.outcome(block(group, { abandonAfter: 10 }));
          leftAt = Math.round(trial.clock.now());
        });
        equal(leftAt, 15, "when it is left, 10 ms after the end of its time");
        await pause(100);
      },
    ),
  ]),
];
