import { CancelledError, ExceptionGroup } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { after, broken, failing, failuresOf, stubborn } from "./combinator-fixtures.ts";
import { gate } from "./gate.ts";
import { linger } from "./linger.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");
const late = new Error("late");

describe("asyncio.gather beside gather", () => {
  it("CO-2 (test_one_exception; differs: asyncio lets the others run on) the first failure ends the others, and then it comes out", async () => {
    const { run, gather, sleep, now, inspectTasks } = virtualRuntime();
    const ends: unknown[] = [];
    const error = await errorOf(
      run(() =>
        gather([
          after(1, "a"),
          failing(2, boom),
          (task) => task.sleep(1000).finally(() => ends.push(["c", now()])),
          (task) => linger(task.sleep(1000), () => sleep(5).then(() => ends.push(["d", now()]))),
          broken(late),
        ]),
      ),
    );
    // asyncio would have raised at 2, with c and d running and e's error for nobody.
    expect(failuresOf(error)).toEqual([
      [boom, "1"],
      [late, "4"],
    ]);
    expect([ends, now(), inspectTasks()]).toEqual([[["c", 2], ["d", 7]], 7, []]); // prettier-ignore
  });

  it("CO-2 (test_one_exception) what the others give after the first failure doesn't undo it", async () => {
    const { run, gather } = virtualRuntime();
    const error = await errorOf(run(() => gather([stubborn("c"), failing(2, boom), after(1, "a")])));
    expect(failuresOf(error)).toEqual([[boom, "1"]]);
  });

  it("CO-2 (test_one_cancellation) who awaited a task that somebody cancelled has failed with its CancelledError, and the call isn't cancelled (ME-11)", async () => {
    const { run, detach, gather, sleep, now } = virtualRuntime();
    const error = await errorOf(
      run(() => {
        const other = detach((task) => task.sleep(1000));
        void sleep(5).then(() => other.cancel("enough"));
        return gather([after(1, "a"), () => other, after(1000, "c")]);
      }),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(failuresOf(error)).toEqual([[expect.any(CancelledError), "1"]]);
    expect([(error as ExceptionGroup<Error>).errors[0]?.cause, now()]).toEqual(["enough", 5]);
  });

  it("CO-2 (test_exception_marking; differs: asyncio loses the second) a failure after the first is in the group, and unhandled by nobody", async () => {
    const { run, gather, sleep, reports } = virtualRuntime();
    const [a, b] = [gate(), gate()];
    const errors: unknown[] = [];
    const inner = (of: Promise<void>, error: unknown) => () => of.then(() => Promise.reject(error));
    const seen = await unhandledDuring(async () => {
      const error = await errorOf(
        run(() => {
          void sleep(1).then(() => a.open());
          void sleep(2).then(() => b.open());
          return gather({ a: inner(a.promise, boom), b: inner(b.promise, late) });
        }),
      );
      errors.push(...failuresOf(error));
    });
    expect(errors).toEqual([
      [boom, "a"],
      [late, "b"],
    ]);
    expect([seen, reports]).toEqual([[], []]);
  });

  it("CO-2 (test_return_exceptions) with `settled` it waits for the last one, and failures stand among the values in the order of the arguments", async () => {
    const { run, gather, now } = virtualRuntime();
    const results = await run(() =>
      gather([after(3, "a"), after(1, "b"), failing(2, boom), failing(4, late)], { settled: true }),
    );
    expect(results).toEqual([
      expect.objectContaining({ status: "fulfilled", value: "a" }),
      expect.objectContaining({ status: "fulfilled", value: "b" }),
      expect.objectContaining({ status: "rejected", reason: boom }),
      expect.objectContaining({ status: "rejected", reason: late }),
    ]);
    expect(now()).toBe(4);
  });

  it("CO-2 (test_result_exception_success) with `settled` and no failure, too, it is the order of the arguments", async () => {
    const { run, gather } = virtualRuntime();
    const results = await run(() => gather([after(2, 2), after(1, 1), after(3, 3)], { settled: true }));
    expect(results.map((settled) => settled.status === "fulfilled" && settled.value)).toEqual([2, 1, 3]);
  });

  it("CO-2 (test_result_exception_one_cancellation) with `settled` the CancelledError of somebody else's task is a value like the other failures", async () => {
    const { run, detach, gather, sleep } = virtualRuntime();
    const results = await run(() => {
      const others = ["c", "e"].map((name) => detach((task) => task.sleep(1000), { name }));
      const awaiting = (index: number) => () => others[index];
      void sleep(5).then(() => others.forEach((other) => other.cancel()));
      const fns = [after(1, 1), failing(2, boom), awaiting(0), after(10, 3), awaiting(1), failing(20, late)];
      return gather(fns, { settled: true });
    });
    expect(results.map((settled) => (settled.status === "fulfilled" ? settled.value : settled.reason))).toEqual([
      1,
      boom,
      expect.any(CancelledError),
      3,
      expect.any(CancelledError),
      late,
    ]);
  });

  it.each([false, true])(
    "CO-2 (test_cancellation_broadcast) to cancel who awaits it cancels every member, and nothing goes on (settled: %s)",
    async (settled) => {
      const { run, detach, sleep } = virtualRuntime();
      const waiter = gate();
      const ends: string[] = [];
      let proof = 0;
      await run(async () => {
        const outer = detach(async ({ gather }) => {
          const inner = async ({ abortable, name, onCancel }: Parameters<Parameters<typeof detach>[0]>[0]) => {
            onCancel(() => ends.push(name));
            await abortable(waiter.promise);
            proof += 1;
          };
          await gather({ child1: inner, child2: inner }, { settled });
          proof += 100;
        });
        await sleep(1);
        expect(outer.cancel()).toBe(true);
        expect(await errorOf(outer)).toBeInstanceOf(CancelledError);
        expect([outer.state, outer.cancel(), ends]).toEqual(["cancelled", false, ["child1", "child2"]]);
        waiter.open();
        await sleep(1);
      });
      expect(proof).toBe(0);
    },
  );

  it.each([undefined, "my message", 5])(
    "CO-2 (test_cancel_gather_2) a task that calls it again and again with `settled` can be cancelled all the same, with %s",
    async (argument) => {
      const { run, detach, sleep, now } = virtualRuntime();
      let rounds = 0;
      const outcome = await run(() => {
        const task = detach(async ({ gather }) => {
          for (; rounds < 20; rounds++) await gather([after(50, 1)], { settled: true });
        });
        void sleep(220).then(() => task.cancel(argument));
        return outcomeOf(task);
      });
      expect(outcome).toEqual({ error: expect.any(CancelledError) });
      expect([(outcome as { error: Error }).error.cause, rounds, now()]).toEqual([argument, 4, 220]);
    },
  );
});
