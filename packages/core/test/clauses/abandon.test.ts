import { AbandonedError, type ExceptionGroup, type TaskInfo } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");
const names = (tasks: readonly TaskInfo[] | undefined) => tasks?.map((task) => task.name);

describe("CA-8 abandonAfter", () => {
  it("CA-8 the block rejects with an AbandonedError that lists the stragglers", async () => {
    const { run, taskGroup, now, sleep } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup({ name: "g", abandonAfter: 30 }, async (group) => {
          group.createTask(() => sleep(1000), { name: "stuck" });
          group.createTask((task) =>
            task.taskGroup((inner) => void inner.createTask(() => sleep(1000), { name: "deep" })),
          );
          group.createTask((task) => task.sleep(1000), { name: "obedient" });
          await group.sleep(1);
          group.cancel();
        }),
      ),
    )) as AbandonedError;
    expect(error).toBeInstanceOf(AbandonedError);
    expect([names(error.tasks), now()]).toEqual([["stuck", "deep"], 31]);
    expect(error.message).toContain("g > stuck");
  });

  it("CA-8 lists a body that is stuck beside a member that is", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup({ name: "g", abandonAfter: 10 }, async (group) => {
          group.createTask(() => sleep(50), { name: "member" });
          await group.sleep(1);
          group.cancel();
          await sleep(50);
        }),
      ),
    )) as AbandonedError;
    expect([...(names(error.tasks) ?? [])].sort()).toEqual(["g", "member"]);
  });

  it("CA-8 how each abandoned straggler ends later is reported", async () => {
    const { run, taskGroup, sleep, advance, reports } = virtualRuntime();
    const late = new Error("late");
    const error = (await run(() =>
      errorOf(
        taskGroup({ name: "g", abandonAfter: 10 }, async (group) => {
          group.createTask(() => sleep(100), { name: "ends" });
          group.createTask(() => sleep(200).then(() => Promise.reject(late)), { name: "fails" });
          await group.sleep(1);
          group.cancel();
          await sleep(300);
        }),
      ),
    )) as AbandonedError;
    expect([...(names(error.tasks) ?? [])]).toEqual(expect.arrayContaining(["ends", "fails"]));
    await advance(1000);
    expect(reports.map((report) => [report.error, names(report.tasks)])).toEqual([
      [undefined, ["ends"]],
      [late, ["fails"]],
      [undefined, ["g"]],
    ]);
  });

  it("CA-8 how an abandoned straggler in a group within ends is reported by its own name", async () => {
    const { run, taskGroup, sleep, advance, reports } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup({ name: "g", abandonAfter: 10 }, async (group) => {
          group.createTask((task) =>
            task.taskGroup((inner) => void inner.createTask(() => sleep(100), { name: "deep" })),
          );
          await group.sleep(1);
          group.cancel();
        }),
      ),
    )) as AbandonedError;
    expect(names(error.tasks)).toEqual(["deep"]);
    await advance(1000);
    expect(reports.flatMap(({ tasks }) => names(tasks))).toContain("deep");
  });

  it("CA-8 cleanups still wait for the last abandoned straggler, and what they throw is reported", async () => {
    const { run, taskGroup, sleep, advance, reports, now } = virtualRuntime();
    let cleanedAt: number | undefined;
    const outcome = await run(() =>
      outcomeOf(
        taskGroup({ abandonAfter: 10 }, async (group) => {
          group.defer(() => {
            cleanedAt = now();
            throw boom;
          });
          group.createTask(() => sleep(100));
          await group.sleep(1);
          group.cancel();
        }),
      ),
    );
    expect([outcome, cleanedAt]).toEqual([{ error: expect.any(AbandonedError) }, undefined]);
    await advance(1000);
    expect(cleanedAt).toBe(100);
    expect(reports.map((report) => report.error)).toContain(boom);
  });

  it("CA-8 nothing is abandoned before a cancellation, however long the block runs", async () => {
    const { run, taskGroup } = virtualRuntime();
    expect(await run(() => taskGroup({ abandonAfter: 10, grace: 10 }, ({ sleep }) => sleep(1000).then(() => 7)))).toBe(
      7,
    );
  });

  it("CA-8 an abandoned group within holds up neither the outer group nor the tree's picture", async () => {
    const { run, taskGroup, sleep, now, inspectTasks, formatTaskTree, advance } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        taskGroup((outer) =>
          outer.taskGroup({ name: "legacy", abandonAfter: 10 }, async (inner) => {
            inner.createTask(() => sleep(100), { name: "stuck" });
            await inner.sleep(1);
            throw boom;
          }),
        ),
      ),
    );
    expect(now()).toBe(11);
    expect([...(error as ExceptionGroup).leaves()].map((leaf) => leaf.error)).toEqual([
      boom,
      expect.any(AbandonedError),
    ]);
    expect(formatTaskTree()).toContain("stuck");
    await advance(1000);
    expect(inspectTasks()).toEqual([]);
  });

  it("CA-8 c.2 #24 an outside cancellation drains with the same patience", async () => {
    const { run, taskGroup, sleep, now } = virtualRuntime();
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask(() => sleep(100));
          await group.sleep(1);
          outside.abort(stop);
        }),
      ),
    );
    expect([error, now()]).toEqual([stop, 100]);
  });

  it("CA-8 when an outer block gives up before an inner one, each straggler is heard of and the tree empties", async () => {
    const { run, taskGroup, sleep, advance, inspectTasks, reports, timers } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        taskGroup({ abandonAfter: 10 }, async (outer) => {
          outer.createTask((task) =>
            task.taskGroup({ abandonAfter: 20 }, (inner) => void inner.createTask(() => sleep(100), { name: "deep" })),
          );
          await outer.sleep(1);
          outer.cancel();
        }),
      ),
    );
    expect(names((error as AbandonedError).tasks)).toEqual(["deep"]);
    await advance(1000);
    expect(reports.some((report) => report.error instanceof AbandonedError)).toBe(true);
    expect(reports.flatMap(({ tasks }) => names(tasks))).toContain("deep");
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });
});
