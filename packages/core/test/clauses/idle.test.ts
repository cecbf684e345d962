import { CancelledError, type Task } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

describe("CO-9 waiting for the members without closing the group", () => {
  it("CO-9 idle() resolves when the last member has ended, and the group takes more", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const seen: number[] = [];
    await run(() =>
      taskGroup(async (group) => {
        for (const batch of [10, 20]) {
          for (let n = 1; n <= 3; n++) group.createTask(({ sleep }) => sleep(batch * n));
          await group.idle();
          seen.push(now(), group.size);
        }
        expect(group.isCancelled()).toBe(false);
      }),
    );
    expect(seen).toEqual([30, 0, 90, 0]);
  });

  it("CO-9 idle() of a group without members resolves at once", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    expect(await run(() => taskGroup(async (group) => [await group.idle(), now()]))).toEqual([undefined, 0]);
  });

  it("CO-9 it waits for members that come meanwhile, queued ones too", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup({ limit: 1 }, async (group) => {
        group.createTask(async ({ sleep }) => {
          await sleep(10);
          group.createTask((task) => task.sleep(10));
        });
        group.createTask(({ sleep }) => sleep(10));
        await group.idle();
        expect(now()).toBe(30);
      }),
    );
  });

  it("CO-9 several may wait, from outside and from other scopes", async () => {
    const { run, taskGroup } = virtualRuntime();
    const order: string[] = [];
    await run(() =>
      taskGroup(async (group) => {
        const { idle } = group;
        const waits = ["a", "b"].map((name) => idle().then(() => order.push(name)));
        group.createTask(({ sleep }) => sleep(10).then(() => order.push("member")));
        const late = idle().then(() => order.push("c"));
        await Promise.all([...waits, late]);
      }),
    );
    expect(order.slice(-2)).toEqual(["member", "c"]);
    expect([...order].sort()).toEqual(["a", "b", "c", "member"]);
  });

  it("CO-9 it rejects with the group's reason when the group is cancelled: it is a wait like any other (CA-1)", async () => {
    const { run, taskGroup } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(1000));
        const idle = errorOf(group.idle());
        await group.sleep(1);
        group.cancel();
        expect(await idle).toBe(group.reason);
        expect(await errorOf(group.idle())).toBe(group.reason);
        expect(group.reason).toBeInstanceOf(CancelledError);
      }),
    );
  });

  it("CO-9 a failing member makes it reject, and the failure is in the group", async () => {
    const { run, taskGroup } = virtualRuntime();
    const boom = new Error("boom");
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          group.createTask(() => Promise.reject(boom));
          await group.idle();
        }),
      ),
    );
    expect((error as AggregateError).errors).toEqual([boom]);
  });

  it("CO-9 with failFast: false it waits for the failing ones too, and resolves", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const outcome = await outcomeOf(
      run(() =>
        taskGroup({ onFailure: () => {} }, async (group) => {
          group.createTask(() => Promise.reject(new Error("boom")));
          group.createTask(({ sleep }) => sleep(10));
          await group.idle();
          return now();
        }),
      ),
    );
    expect(outcome).toEqual({ value: 10 });
  });

  it("CO-9 size counts members that haven't ended: pending and running ones", async () => {
    const { run, taskGroup } = virtualRuntime();
    const sizes: number[] = [];
    await run(() =>
      taskGroup({ limit: 1 }, async (group) => {
        sizes.push(group.size);
        const tasks: Task<void>[] = [];
        for (let n = 0; n < 3; n++) tasks.push(group.createTask(({ sleep }) => sleep(10)));
        sizes.push(group.size);
        for (const task of tasks) {
          await task;
          sizes.push(group.size);
        }
      }),
    );
    expect(sizes).toEqual([0, 3, 2, 1, 0]);
  });

  it("CO-9 size counts a member whose cancellation hasn't ended it yet", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        group.createTask(() => sleep(20));
        await group.sleep(1);
        group.cancel();
        expect(group.size).toBe(1);
        await sleep(30);
        expect(group.size).toBe(0);
      }),
    );
  });
});
