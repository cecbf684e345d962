import type { BaseExceptionGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, contains, rejectionOf } from "../check.ts";
import type { Surface } from "../surface.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");

/** Skips unless the engine finds the frames of those who await: V8 does. */
async function needAsyncStacks(trial: Trial): Promise<void> {
  const inner = async (): Promise<never> => {
    await pause(0);
    throw new Error("a probe");
  };
  async function theProbe(): Promise<void> {
    await inner();
  }
  const { stack } = (await rejectionOf(theProbe())) as Error;
  if (stack?.includes("theProbe") !== true) trial.skip("the engine keeps no frames through await");
}

const leaving: Readonly<Record<string, (api: Surface) => Promise<unknown>>> = {
  failure: ({ taskGroup }) =>
    taskGroup((group) => {
      group.createTask(async () => {
        await pause(5);
        throw boom;
      });
    }),
  body: ({ taskGroup }) => taskGroup(() => pause(5).then(() => Promise.reject(boom))),
  timeout: ({ taskGroup }) => taskGroup({ timeout: 5 }, ({ sleep }) => sleep(1000)),
};

/** DX-5 */
export const stacks: readonly Case[] = [
  ...Object.entries(leaving).map(([name, leave]) =>
    caseOf(
      "DX-5",
      `${name}-stack`,
      `keeps the frames of who awaits it in the stack of the error that leaves a block: ${name}`,
      { needs: name === "timeout" ? ["option.timeout", "scope.sleep"] : [], level: "SHOULD" },
      async (trial) => {
        await needAsyncStacks(trial);
        async function theCaller(): Promise<void> {
          await leave(trial.api);
        }
        const { stack } = (await rejectionOf(theCaller())) as Error;
        contains(String(stack), "theCaller", "the stack");
      },
    ),
  ),
  caseOf("DX-5", "own-stack", "leaves each failure its own stack", { level: "SHOULD" }, async ({ api }) => {
    const group = (await rejectionOf(
      api.taskGroup(({ createTask }) => {
        createTask(async function theMember() {
          throw new Error("here");
        });
      }),
    )) as AggregateError;
    contains(String((group.errors[0] as Error).stack), "theMember", "the stack of the failure");
  }),
  caseOf(
    "DX-5",
    "created-at",
    "says of each failure where its task was created, under `debug`",
    { needs: ["option.debug", "failures"] },
    async ({ api }) => {
      const error = (await rejectionOf(
        api.taskGroup({ debug: true }, function theCreator(group) {
          group.createTask(() => Promise.reject(boom));
        }),
      )) as BaseExceptionGroup;
      contains(String(error.failures[0]?.task?.createdAt), "theCreator", "createdAt");
    },
  ),
  caseOf(
    "DX-5",
    "names",
    "has the names of the tasks in the failures, not only in the text of the group",
    { needs: ["failures", "task option.name"] },
    async ({ api }) => {
      const error = (await rejectionOf(
        api.taskGroup((group) => void group.createTask(() => Promise.reject(7), { name: "till" })),
      )) as BaseExceptionGroup;
      check(error.failures[0]?.task?.name === "till", "the failure should name its task");
    },
  ),
];
