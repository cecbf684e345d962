import { describe, expect, it, vi } from "vitest";
import { virtualRuntime } from "../virtual-runtime.ts";
import { after, broken, done, failing, failuresOf, rest } from "./combinator-fixtures.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-4 an iteration whose owner has ended was left", () => {
  it("CO-4 it holds nobody up: its members are cancelled and drained", async () => {
    const { run, taskGroup, sleep, now, reports, inspectTasks, timers } = virtualRuntime();
    const drained = vi.fn();
    await run(() =>
      taskGroup(async (group) => {
        const iterator = group.asCompleted([() => 1, (task) => linger(task.sleep(1000), () => sleep(5).then(drained))]);
        await iterator.next();
        await sleep(1);
      }),
    );
    expect([now(), drained.mock.calls.length, reports, inspectTasks(), timers()]).toEqual([6, 1, [], [], 0]);
  });

  it("CO-4 failures that nobody was given are reported, those that had waited as well as those of the drain", async () => {
    const { run, taskGroup, sleep, reports } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(() =>
        taskGroup((group) => {
          group.createTask(async (task) => {
            const iterator = task.asCompleted([() => 1, failing(1, boom), broken(stop)]);
            await iterator.next();
            await sleep(10);
          });
        }),
      ),
    );
    expect(reports.map((report) => failuresOf(report.error))).toEqual([
      [
        [boom, "1"],
        [stop, "2"],
      ],
    ]);
    expect(seen).toEqual([]);
  });

  it("CO-4 failures that nobody was given are reported even if every member had ended long before", async () => {
    const { run, taskGroup, sleep, reports, inspectTasks } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        const iterator = group.asCompleted([() => 1, failing(1, boom)]);
        await iterator.next();
        await sleep(100);
        expect(inspectTasks()[0]?.children.length).toBe(1);
      }),
    );
    expect(reports.map((report) => failuresOf(report.error))).toEqual([[[boom, "1"]]]);
    expect(inspectTasks()).toEqual([]);
  });

  it("CO-4 one whose members have ended, with nothing but successes to take, is over by itself", async () => {
    const { run, asCompleted, sleep, inspectTasks, addInstrument } = virtualRuntime();
    const closed = vi.fn();
    addInstrument({ onGroupClose: closed });
    const all = await run(async () => {
      const iterator = asCompleted([() => 1, () => 2]);
      await iterator.next();
      await sleep(1);
      expect(inspectTasks()).toEqual([]);
      expect(closed).toHaveBeenCalledOnce();
      return rest(iterator);
    });
    expect(all).toEqual([["1", 2]]);
    expect(closed).toHaveBeenCalledOnce();
  });

  it("CO-4 and so is one whose failures have all been given", async () => {
    const { run, asCompleted, sleep, inspectTasks } = virtualRuntime();
    await run(async () => {
      const iterator = asCompleted([failing(1, boom), () => 2, () => 3]);
      await iterator.next();
      await sleep(10);
      expect(inspectTasks().length).toBe(1);
      await iterator.next();
      await iterator.next();
      expect(inspectTasks()).toEqual([]);
    });
    expect.assertions(2);
  });

  it("CO-4 a pending next() of it is done", async () => {
    const { run, taskGroup } = virtualRuntime();
    let pending: Promise<unknown> | undefined;
    await run(() => taskGroup((group) => void (pending = group.asCompleted([after(1000, 1)]).next())));
    expect(await pending).toEqual(done);
  });
});
