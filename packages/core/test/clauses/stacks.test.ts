import type { BaseExceptionGroup, ExceptionGroup } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");

describe("DX-5 stacks", () => {
  const stackOf = (error: unknown) => (error as Error).stack ?? "";
  const { runtime: _runtime, ...host } = virtualRuntime();

  it.each([
    [
      "a failure of a member",
      async function theCallersFrame() {
        await host.taskGroup((group) => void group.createTask(() => Promise.reject(boom)));
      },
    ],
    [
      "a failure of a member after a wait",
      async function theCallersFrame() {
        await host.taskGroup(
          (group) => void group.createTask(({ sleep }) => sleep(5).then(() => Promise.reject(boom))),
        );
      },
    ],
    [
      "a failing body",
      async function theCallersFrame() {
        await host.taskGroup(() => Promise.reject(boom));
      },
    ],
    [
      "a group's timeout",
      async function theCallersFrame() {
        await host.taskGroup({ timeout: 5 }, ({ sleep }) => sleep(1000));
      },
    ],
    [
      "failAfter",
      async function theCallersFrame() {
        await host.failAfter(5, ({ sleep }) => sleep(1000));
      },
    ],
    [
      "an AbandonedError",
      async function theCallersFrame() {
        await host.failAfter(5, () => new Promise(() => {}), { abandonAfter: 5 });
      },
    ],
    [
      "a group that is abandoned",
      async function theCallersFrame() {
        await host.taskGroup({ timeout: 5, abandonAfter: 5 }, () => new Promise(() => {}));
      },
    ],
    [
      "a joined group",
      async function theCallersFrame() {
        const group = host.openTaskGroup();
        group.createTask(() => Promise.reject(boom));
        await group.join();
      },
    ],
    [
      "a nested group",
      async function theCallersFrame() {
        await host.taskGroup((outer) => outer.failAfter(1000, (scope) => scope.taskGroup(() => Promise.reject(boom))));
      },
    ],
  ])("DX-5 the error that leaves a block keeps the caller's async stack: %s", async (_title, theCallersFrame) => {
    const error = await host.run(async function theProgram() {
      try {
        await theCallersFrame();
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    });
    expect(stackOf(error)).toContain("theCallersFrame");
    expect(stackOf(error)).toContain("theProgram");
    expect(stackOf(error).split("\n")[0]).toContain((error as Error).message);
  });

  it("DX-5 each failure keeps its own stack", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup((group) => {
          group.createTask(async function theFailingMember() {
            await Promise.resolve();
            throw new Error("here");
          });
        }),
      ),
    )) as ExceptionGroup;
    expect(stackOf(error.errors[0])).toContain("theFailingMember");
    expect(stackOf(error.errors[0])).not.toContain("runBlock");
  });

  it("DX-5 `debug: true` adds where each task was created, to failures, reports and groups within", async () => {
    const { run, taskGroup } = virtualRuntime();
    const createdIn = async (debug: boolean) => {
      const error = (await run(() =>
        errorOf(
          taskGroup({ debug }, (group) =>
            group.taskGroup(function theCreator(inner) {
              inner.createTask(() => Promise.reject(boom));
            }),
          ),
        ),
      )) as BaseExceptionGroup;
      return [...error.leaves()][0]?.task?.createdAt;
    };
    expect(await createdIn(true)).toContain("theCreator");
    expect(await createdIn(false)).toBeUndefined();
  });

  it("DX-5 task names are reachable from the failures, not only from the group's message", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(taskGroup((group) => void group.createTask(() => Promise.reject(7), { name: "till" }))),
    )) as ExceptionGroup;
    expect(JSON.stringify(error.failures)).toContain("till");
  });
});
