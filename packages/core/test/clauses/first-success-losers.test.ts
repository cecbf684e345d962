import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, stubborn, reported } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-3 (CO-8) the values of losers that succeeded after all are disposed of", () => {
  const resource = (log: string[], name: string, dispose: () => unknown = () => {}) => ({
    name,
    [Symbol.dispose]: () => {
      log.push(name);
      dispose();
    },
  });

  it("CO-3 before it returns, asynchronous disposal awaited, the winner's left alone", async () => {
    const { run, firstSuccess, sleep, now } = virtualRuntime();
    const log: string[] = [];
    const slow = {
      async [Symbol.asyncDispose]() {
        await sleep(20);
        log.push("async");
      },
    };
    const winner = await run(() =>
      firstSuccess([stubborn(slow), after(10, resource(log, "winner")), stubborn(resource(log, "sync")), stubborn(7)]),
    );
    expect(winner).toMatchObject({ name: "winner" });
    expect([log, now()]).toEqual([["sync", "async"], 30]);
  });

  it("CO-3 asynchronous disposal is taken where there are both", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const log: string[] = [];
    const both = { ...resource(log, "sync"), [Symbol.asyncDispose]: async () => void log.push("async") };
    await run(() => firstSuccess([() => "winner", () => both]));
    expect(log).toEqual(["async"]);
  });

  it("CO-3 one value that several gave is disposed of once", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const log: string[] = [];
    const shared = resource(log, "shared");
    await run(() => firstSuccess([() => "winner", async () => shared, async () => shared]));
    expect(log).toEqual(["shared"]);
  });

  it("CO-3 what can't be disposed of is let be, whatever it is", async () => {
    const { run, firstSuccess, reports } = virtualRuntime();
    const values = [null, undefined, "text", 7, {}, () => {}, { [Symbol.dispose]: "no function" }, Object.create(null)];
    expect(await run(() => firstSuccess(["winner", ...values].map((value) => () => value)))).toBe("winner");
    expect(reports).toEqual([]);
  });

  it("CO-3 what a disposal throws is reported with the task, and the others are disposed of", async () => {
    const host = virtualRuntime();
    const log: string[] = [];
    const bad = resource(log, "bad", () => {
      throw boom;
    });
    const hostile = {
      get [Symbol.asyncDispose]() {
        throw stop;
      },
    };
    const fns = [() => "winner", () => resource(log, "first"), () => bad, () => hostile, () => resource(log, "last")];
    expect(await host.run(() => host.firstSuccess(fns))).toBe("winner");
    expect(log).toEqual(["last", "bad", "first"]);
    expect(reported(host)).toEqual([
      [stop, "3"],
      [boom, "2"],
    ]);
  });

  it("CO-3 a loser that gives the very value of the winner isn't disposed of", async () => {
    const { run, firstSuccess } = virtualRuntime();
    const log: string[] = [];
    const shared = resource(log, "shared");
    expect(await run(() => firstSuccess([() => shared, () => shared]))).toBe(shared);
    expect(log).toEqual([]);
  });

  it("CO-3 a cancellation from outside during a disposal doesn't undo the win either", async () => {
    const { run, firstSuccess, sleep } = virtualRuntime();
    const controller = new AbortController();
    const slow = { [Symbol.asyncDispose]: () => sleep(20) };
    const value = await run(() => {
      void sleep(5).then(() => controller.abort(stop));
      return firstSuccess([() => "winner", () => slow], { signal: controller.signal });
    });
    expect(value).toBe("winner");
  });

  it("CO-3 without a winner too: who succeeds after a cancellation from outside hasn't won", async () => {
    const { run, firstSuccess, sleep } = virtualRuntime();
    const controller = new AbortController();
    const log: string[] = [];
    const error = await errorOf(
      run(() => {
        void sleep(5).then(() => controller.abort(stop));
        return firstSuccess([stubborn(resource(log, "late")), after(1000, 1)], { signal: controller.signal });
      }),
    );
    expect([error, log]).toEqual([stop, ["late"]]);
  });

  it("CO-3 and of a straggler that was abandoned, when it ends", async () => {
    const host = virtualRuntime();
    const log: string[] = [];
    const stuck = gate<unknown>();
    await host.run(() => host.firstSuccess([() => "winner", () => stuck.promise], { abandonAfter: 10 }));
    stuck.open(resource(log, "late"));
    await host.settle();
    expect([log, host.inspectTasks()]).toEqual([["late"], []]);
  });
});
