import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");

describe("what users forget", () => {
  it("LC-5 a join() that nobody awaits doesn't lose the failure: disposal after it marks nothing as handled", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(async () => {
        const group = openTaskGroup();
        group.createTask(() => Promise.reject(boom));
        void group.join();
        await group.close();
      }),
    );
    expect(seen.map((error) => (error as AggregateError).errors)).toEqual([[boom]]);
  });

  it("ME-2 LI-1 a member that was given its slot in the turn of the failure doesn't start", async () => {
    const { run, taskGroup } = virtualRuntime({ mayHaveContext: () => true });
    let started = 0;
    const error = await run(() =>
      errorOf(
        taskGroup({ limit: 2 }, async (group) => {
          let open = (): void => {};
          const gate = new Promise<void>((resolve) => {
            open = resolve;
          });
          group.createTask(async () => {
            await gate;
          });
          group.createTask(async () => {
            await gate;
            throw boom;
          });
          group.createTask(() => started++);
          await group.sleep(1);
          open();
          await group.sleep(1);
        }),
      ),
    );
    expect([started, (error as AggregateError).errors]).toEqual([0, [boom]]);
  });

  it("FF-1 ER-6 a member that failed isn't cancelled for it: what it left behind stays silent", async () => {
    const { run, taskGroup } = virtualRuntime();
    let told = 0;
    const seen = await unhandledDuring(() =>
      run(() =>
        errorOf(
          taskGroup(async (group) => {
            group.createTask(({ sleep, onCancel }) => {
              void sleep(1000);
              onCancel(() => told++);
              throw boom;
            });
            await group.sleep(1).catch(() => {});
          }),
        ),
      ),
    );
    expect([seen, told]).toEqual([[], 0]);
  });

  it("CO-5 the TimeoutError of a detached task that nobody observes surfaces", async () => {
    const { run, detach, sleep } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(async () => {
        void detach((task) => task.sleep(1000), { timeout: 20 });
        await sleep(30);
      }),
    );
    expect(seen.map((error) => (error as Error).name)).toEqual(["TimeoutError"]);
  });

  it("OUT-4 ME-13 a deadline that cut a start() short is the group's TimeoutError", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup({ timeout: 30 }, (group) => {
          void group.start(({ sleep }) => sleep(1000));
          return "value";
        }),
      ),
    );
    expect(outcome).toMatchObject({ error: { name: "TimeoutError" } });
  });
});
