import { ExceptionGroup, KeyboardInterrupt, SystemExit, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, failing } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CO-2 gather with `settled`", () => {
  it("CO-2 waits for all, cancels nobody, and gives every outcome as a value with its task", async () => {
    const { run, gather, now, reports } = virtualRuntime();
    const ids: number[] = [];
    const results = await run(() =>
      gather(
        {
          bad: ({ id }) => (ids.push(id), Promise.reject(boom)),
          good: ({ id, sleep }) => (ids.push(id), sleep(20).then(() => "value")),
        },
        { settled: true, name: "g" },
      ),
    );
    expect(results).toEqual({
      bad: { status: "rejected", reason: boom, task: { id: ids[0], name: "bad", path: ["g", "bad"] } },
      good: { status: "fulfilled", value: "value", task: { id: ids[1], name: "good", path: ["g", "good"] } },
    });
    expect([now(), reports]).toEqual([20, []]);
  });

  it("CO-2 falsy failures are outcomes like any other, in an array too", async () => {
    const { run, gather } = virtualRuntime();
    const thrown = [undefined, null, 0, ""];
    const results = await run(() =>
      gather(
        thrown.map((error) => () => Promise.reject(error)),
        { settled: true },
      ),
    );
    expect(results.map((result) => [result.status, "reason" in result && result.reason, result.task.name])).toEqual(
      thrown.map((error, index) => ["rejected", error, String(index)]),
    );
  });

  it("CO-2 `settled: false` is the same as without", async () => {
    const { run, gather } = virtualRuntime();
    expect(await run(() => gather([() => 1], { settled: false }))).toEqual([1]);
    expect(await errorOf(run(() => gather([() => Promise.reject(boom)], { settled: false })))).toBeInstanceOf(
      ExceptionGroup,
    );
  });

  it("CO-2 an outside cancellation still rejects with the reason; the failures whose values are lost are reported", async () => {
    const { run, gather, sleep, reports, now } = virtualRuntime();
    const controller = new AbortController();
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => controller.abort(stop));
        return gather(
          { bad: failing(1, boom), fine: () => 1, slow: after(1000, 2) },
          {
            settled: true,
            signal: controller.signal,
          },
        );
      }),
    );
    expect([error, now()]).toEqual([stop, 10]);
    expect(reports.map((report) => [report.error, report.tasks[0]?.name])).toEqual([[boom, "bad"]]);
  });

  it("CO-2 a deadline still gives a TimeoutError, without the failures, which are reported", async () => {
    const { run, gather, reports } = virtualRuntime();
    const error = await errorOf(run(() => gather([failing(1, boom), after(1000, 2)], { settled: true, timeout: 10 })));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(reports.map((report) => report.error)).toEqual([boom]);
  });

  it("CO-2 a failure in the drain after a deadline is a value like any other, if nobody ended cancelled", async () => {
    const { run, gather } = virtualRuntime();
    const results = await run(() =>
      gather([({ sleep }) => sleep(1000).catch(() => Promise.reject(boom))], { settled: true, timeout: 10 }),
    );
    expect(results[0]).toMatchObject({ status: "rejected", reason: boom });
  });

  it.each([new KeyboardInterrupt("stop"), new SystemExit(3)])(
    "CO-2 %s comes out bare, and the failures before it are reported (OUT-1)",
    async (fatal) => {
      const { run, gather, reports, now } = virtualRuntime();
      const error = await errorOf(
        run(() => gather([failing(1, boom), failing(10, fatal), after(1000, 1)], { settled: true })),
      );
      expect([error, now()]).toEqual([fatal, 10]);
      expect(reports.map((report) => report.error)).toEqual([boom]);
    },
  );

  it("CO-2 `onFailure` is called too, once per failure, and then nothing is reported", async () => {
    const { run, gather, reports, sleep } = virtualRuntime();
    const told: unknown[] = [];
    const onFailure = (error: unknown, task: { name: string }) => void told.push([error, task.name]);
    const results = await run(() => gather({ bad: failing(1, boom), fine: () => 1 }, { settled: true, onFailure }));
    expect([results.bad.status, told]).toEqual(["rejected", [[boom, "bad"]]]);
    const controller = new AbortController();
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => controller.abort(stop));
        return gather([failing(1, 7), after(1000, 1)], { settled: true, onFailure, signal: controller.signal });
      }),
    );
    expect([error, told.length, reports]).toEqual([stop, 2, []]);
  });

  it("CO-2 an `onFailure` that throws is a failure that cancels (FF-4)", async () => {
    const { run, gather, now } = virtualRuntime();
    const onFailure = () => {
      throw stop;
    };
    const error = await errorOf(run(() => gather([failing(1, boom), after(1000, 1)], { settled: true, onFailure })));
    expect([(error as ExceptionGroup).errors, now()]).toEqual([[stop], 1]);
  });

  it("CO-2 stragglers that are abandoned give an AbandonedError; failures that were to be values are reported", async () => {
    const { run, gather, reports } = virtualRuntime();
    const stuck = gate();
    const error = await errorOf(
      run(() => gather([failing(1, boom), () => stuck.promise], { settled: true, timeout: 10, abandonAfter: 5 })),
    );
    expect((error as { code?: string }).code).toBe("COHORT_ABANDONED");
    expect(reports.filter((report) => "error" in report).map((report) => report.error)).toEqual([boom]);
    stuck.open();
  });
});
