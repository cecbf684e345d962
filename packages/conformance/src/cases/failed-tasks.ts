import type { BaseExceptionGroup, TaskGroupOptions } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf, same } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";
import { failsWith, groupFrom } from "./thrown-group.ts";

const NAMED = ["failures", "task option.name"] as const;

/** The group that comes out when members called `member-0`, `member-1`, … reject with these. */
function groupOf(
  { api }: Trial,
  thrown: readonly unknown[],
  options: TaskGroupOptions = {},
): Promise<BaseExceptionGroup> {
  const block = api.taskGroup(options, (group) => {
    for (const [n, error] of thrown.entries()) group.createTask(() => Promise.reject(error), { name: `member-${n}` });
  });
  return failsWith(block, ...thrown);
}

const namesIn = (group: BaseExceptionGroup | undefined): unknown => group?.failures.map(({ task }) => task?.name);

/** An error that can't be looked at: whoever reads more than its identity fails. */
function untouchable(): Error {
  const fail = (): never => {
    throw new Error("somebody looked at it");
  };
  const trap = { get: fail };
  const error = new Error("hidden");
  void error.stack; // Node 20 makes it when it is first touched, and would read the rest for it
  return Object.defineProperties(error, {
    message: trap,
    name: trap,
    stack: trap,
    cause: trap,
    code: trap,
  });
}

export const failedTasks: readonly Case[] = [
  caseOf(
    "ER-2",
    "names",
    "tells in `failures` which task failed, in the order of `errors`",
    { needs: NAMED },
    async (trial) => {
      const group = await groupOf(trial, [new Error("a"), new Error("b")]);
      equal(namesIn(group), ["member-0", "member-1"]);
      for (const [n, { error }] of group.failures.entries()) same(error, group.errors[n], "the error of the entry");
    },
  ),
  caseOf(
    "ER-2",
    "path",
    "tells the path of the task that failed",
    { needs: [...NAMED, "option.name"] },
    async (trial) => {
      const { failures } = await groupOf(trial, [new Error("a")], { name: "jobs" });
      equal(
        failures.map(({ task }) => task?.path),
        [["jobs", "member-0"]],
      );
    },
  ),
  caseOf(
    "ER-2",
    "id",
    "tells the id of the task that failed, which no other task has",
    { needs: NAMED },
    async (trial) => {
      const { failures } = await groupOf(trial, [new Error("a"), new Error("b")]);
      const [first, second] = failures.map(({ task }) => task?.id);
      check(typeof first === "number" && typeof second === "number", "the ids should be numbers");
      check(first !== second, "the ids should differ");
    },
  ),
  caseOf(
    "ER-2",
    "split",
    "keeps the failures in the parts of a group that was split",
    { needs: [...NAMED, "ExceptionGroup"] },
    async (trial) => {
      const group = await groupOf(trial, [new Error("a"), new TypeError("b"), "c", "c"]);
      const [types, rest] = group.split(TypeError);
      const strings = group.subgroup((error) => error === "c");
      equal([types, rest, strings].map(namesIn), [
        ["member-1"],
        ["member-0", "member-2", "member-3"],
        ["member-2", "member-3"],
      ]);
    },
  ),
  caseOf(
    "ER-2",
    "split-nested",
    "keeps the failures of a group within a group that was split",
    { needs: [...NAMED, "ExceptionGroup"] },
    async (trial) => {
      const group = await groupFrom(
        trial.api.taskGroup((outer) => {
          outer.createTask((task) =>
            trial.nested(task, { failFast: false }, (inner: typeof outer) => {
              inner.createTask(() => Promise.reject(new TypeError("t")), { name: "typed" });
              inner.createTask(() => Promise.reject(new Error("plain")), { name: "plain" });
            }),
          );
        }),
      );
      const leaves = [...(group.subgroup(TypeError)?.leaves() ?? [])];
      equal(
        leaves.map(({ task }) => task?.name),
        ["typed"],
      );
    },
  ),
  caseOf(
    "ER-2",
    "unusual-errors",
    "tells the task of errors that nothing can be hung on",
    { needs: NAMED },
    async (trial) => {
      const unusual = [Object.freeze(new Error("frozen")), Object.create(null), Symbol("s"), 7n, "text", undefined];
      const group = await groupOf(trial, unusual);
      equal(
        namesIn(group),
        unusual.map((_, n) => `member-${n}`),
      );
    },
  ),
  caseOf("ER-2", "frozen", "passes on a frozen error, and one whose properties can't be read", {}, async (trial) => {
    await groupOf(trial, [Object.freeze(new Error("frozen"))]);
    const hidden = untouchable();
    const block = trial.api.taskGroup((group) => void group.createTask(() => Promise.reject(hidden)));
    const group = await groupFrom(block);
    check(group.errors[0] === hidden, "the group should hold the very error that can't be read");
  }),
  caseOf(
    "ER-2",
    "not-mutated",
    "changes no error of its user: a member's, the body's, or a reason",
    { needs: ["option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const [member, body, reason] = [new Error("member"), new Error("body"), new Error("reason")] as const;
      const keys = (): unknown => [member, body, reason].map((error) => Reflect.ownKeys(error).map(String).sort());
      const before = keys();
      await rejectionOf(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask((task) => trial.sleep(task, 10).catch(() => Promise.reject(member)));
          await pause(1);
          outside.abort(reason);
          throw body;
        }),
      );
      equal(keys(), before, "the properties of the errors");
    },
  ),
];
