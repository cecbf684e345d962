import { AbandonedError, type ExceptionGroup, KeyboardInterrupt, SystemExit } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");
const forever = new Promise<never>(() => {});

describe("OUT-1 and what was abandoned", () => {
  it("OUT-1 the first KeyboardInterrupt or SystemExit comes out bare, every other error goes to the reporter", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const first = new SystemExit(3);
    const second = new KeyboardInterrupt();
    const cleanup = new Error("cleanup");
    const error = await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.createTask(() => Promise.reject(boom));
          group.createTask(() => Promise.reject(first), { name: "exits" });
          group.createTask(() => Promise.reject(second), { name: "interrupts" });
          group.defer(() => Promise.reject(cleanup));
          await group.sleep(1).catch(() => {});
          throw stop;
        }),
      ),
    );
    expect(error).toBe(first);
    expect(reports.map((report) => report.error)).toEqual([boom, second, stop, cleanup]);
    expect(reports[1]?.tasks.map((task) => task.name)).toEqual(["interrupts"]);
  });

  it("OUT-1 c.2 #6 a fatal body error doesn't hide the members' errors", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const fatal = new KeyboardInterrupt();
    const error = await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.createTask(async ({ sleep }) => {
            await sleep(10).catch(() => {});
            throw boom;
          });
          await Promise.resolve();
          throw fatal;
        }),
      ),
    );
    expect([error, reports.map((report) => report.error)]).toEqual([fatal, [boom]]);
  });

  it.each([
    ["an outside cancellation", (abort: () => void) => abort()],
    ["a deadline", () => {}],
  ])("OUT-1 wins over %s", async (_title, cause) => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const fatal = new SystemExit(1);
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal, timeout: 10 }, async (group) => {
          cause(() => outside.abort(stop));
          await group.sleep(1000).catch(() => {});
          throw fatal;
        }),
      ),
    );
    expect(error).toBe(fatal);
  });

  it("OUT-1 a KeyboardInterrupt of a group within comes out of every group around it bare", async () => {
    const { run, taskGroup } = virtualRuntime();
    const fatal = new KeyboardInterrupt();
    const error = await run(() =>
      errorOf(
        taskGroup(
          (outer) =>
            void outer.createTask((task) =>
              task.taskGroup(
                (middle) =>
                  void middle.createTask((member) =>
                    member.taskGroup((inner) => void inner.createTask(() => Promise.reject(fatal))),
                  ),
              ),
            ),
        ),
      ),
    );
    expect(error).toBe(fatal);
  });

  it("OUT-1 stragglers that were abandoned are reported when the fatal error comes out", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const fatal = new KeyboardInterrupt();
    const error = await run(() =>
      errorOf(
        taskGroup({ abandonAfter: 10 }, async (group) => {
          group.createTask(() => forever, { name: "stuck" });
          await group.sleep(1);
          throw fatal;
        }),
      ),
    );
    expect(error).toBe(fatal);
    expect(reports.flatMap((report) => report.tasks).map((task) => task.name)).toContain("stuck");
  });

  it("OUT with stragglers abandoned: the AbandonedError is bare, whatever the body's value or the outside reason", async () => {
    for (const cancelFrom of ["inside", "outside", "deadline"]) {
      const { run, taskGroup } = virtualRuntime();
      const outside = new AbortController();
      const error = await run(() =>
        errorOf(
          taskGroup({ signal: outside.signal, abandonAfter: 10, timeout: 5 }, async (group) => {
            group.createTask(() => forever, { name: "stuck" });
            await group.sleep(1);
            if (cancelFrom === "inside") group.cancel();
            if (cancelFrom === "outside") outside.abort(stop);
            return 7;
          }),
        ),
      );
      expect(error).toBeInstanceOf(AbandonedError);
      expect((error as AbandonedError).tasks.map((task) => task.name)).toEqual(["stuck"]);
    }
  });

  it("OUT with stragglers abandoned and failures: OUT-2 with the AbandonedError last", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const error = (await run(() =>
      errorOf(
        taskGroup({ abandonAfter: 10, signal: outside.signal }, async (group) => {
          group.createTask(() => forever);
          group.createTask(async ({ sleep }) => {
            await sleep(1000).catch(() => {});
            throw boom;
          });
          await group.sleep(1);
          outside.abort(stop);
          throw new Error("body");
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom, new Error("body"), expect.any(AbandonedError)]);
    expect(error.cause).toBe(stop);
  });
});
