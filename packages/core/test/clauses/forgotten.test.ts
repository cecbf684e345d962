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

  it("FF-4 an async onFailure that rejects is a failure that cancels", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const thrown = new Error("handler");
    const error = await run(() =>
      errorOf(
        taskGroup({ failFast: false, onFailure: () => Promise.reject(thrown) as unknown as void }, (group) => {
          group.createTask(() => Promise.reject(boom));
          group.createTask(({ sleep }) => sleep(1000));
        }),
      ),
    );
    expect([(error as AggregateError).errors, now()]).toEqual([[thrown], 0]);
  });

  it("CA-8 an abandoned block whose body failed gives the body's own error, and names who was left", async () => {
    const { run, failAfter, sleep, reports } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        failAfter(
          10,
          async (scope) => {
            void scope.taskGroup((group) => void group.createTask(() => sleep(1000), { name: "deaf" })).catch(() => {});
            await scope.sleep(50).catch(() => {});
            throw boom;
          },
          { abandonAfter: 20 },
        ),
      ),
    );
    expect([error, reports[0]?.tasks.map(({ name }) => name)]).toEqual([boom, ["deaf"]]);
  });

  it("LC-1 a name that is no string is refused before anything starts", async () => {
    const { run, taskGroup, inspectTasks } = virtualRuntime();
    const name = Symbol("name") as unknown as string;
    const error = await run(() => errorOf(taskGroup((group) => void group.createTask(() => {}, { name }))));
    expect(error).toMatchObject({ errors: [expect.any(TypeError)] });
    expect(await run(() => errorOf(taskGroup({ name }, () => {})))).toBeInstanceOf(TypeError);
    expect(inspectTasks()).toEqual([]);
  });
});
