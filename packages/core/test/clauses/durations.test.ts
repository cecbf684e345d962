import { type Scope, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");

type Runtime = ReturnType<typeof virtualRuntime>;

/** Everything that takes a duration; `begin` is called when the body starts. */
const takers: [string, (runtime: Runtime, ms: number, begin: () => void) => Promise<unknown>][] = [
  ["failAfter", ({ failAfter }, ms, begin) => failAfter(ms, begin)],
  ["moveOnAfter", ({ moveOnAfter }, ms, begin) => moveOnAfter(ms, begin)],
  [
    "scope.failAfter",
    ({ taskGroup }, ms, begin) =>
      taskGroup(async (group) => {
        const error = await errorOf(group.failAfter(ms, begin));
        return group.shield(() => Promise.reject(error));
      }).catch((error: { errors: unknown[] }) => Promise.reject(error.errors[0])),
  ],
  ["a group's timeout", ({ taskGroup }, ms, begin) => taskGroup({ timeout: ms }, begin)],
  ["a group's grace", ({ taskGroup }, ms, begin) => taskGroup({ grace: ms }, begin)],
  ["a group's abandonAfter", ({ taskGroup }, ms, begin) => taskGroup({ abandonAfter: ms }, begin)],
  ["failAfter's grace", ({ failAfter }, ms, begin) => failAfter(1, begin, { grace: ms })],
  ["failAt's abandonAfter", ({ failAt }, ms, begin) => failAt(1, begin, { abandonAfter: ms })],
  ["sleep", ({ sleep }, ms) => sleep(ms)],
];

describe("TO-6 durations", () => {
  describe.each(takers)("of %s", (_name, take) => {
    it.each([
      ["NaN", Number.NaN, RangeError],
      ["-1", -1, RangeError],
      ["-Infinity", -Infinity, RangeError],
      ["a string", "10", TypeError],
      ["null", null, TypeError],
      ["a bigint", 10n, TypeError],
      ["a Date", new Date(10), TypeError],
    ])("TO-6 %s is refused before anything starts", async (_title, ms, expected) => {
      const runtime = virtualRuntime();
      let began = false;
      expect(await runtime.run(() => errorOf(take(runtime, ms as number, () => void (began = true))))).toBeInstanceOf(
        expected,
      );
      expect([began, runtime.timers(), runtime.inspectTasks()]).toEqual([false, 0, []]);
    });
  });

  it.each([0, -0])("TO-6 a timeout of %s cancels before the body's first wait", async (ms) => {
    const runtime = virtualRuntime();
    const { run, failAfter, moveOnAfter, taskGroup, now } = runtime;
    let waited = 0;
    const body = async ({ sleep }: Pick<Scope, "sleep">) => {
      await sleep(0);
      waited++;
    };
    expect(await run(() => errorOf(failAfter(ms, body)))).toBeInstanceOf(TimeoutError);
    expect(await run(() => moveOnAfter(ms, body))).toEqual({ timedOut: true });
    expect(await run(() => errorOf(taskGroup({ timeout: ms }, body)))).toBeInstanceOf(TimeoutError);
    expect([waited, now()]).toEqual([0, 0]);
  });

  it("TO-6 a deadline in the past cancels before the body's first wait", async () => {
    const { run, failAt, advance } = virtualRuntime();
    await advance(1000);
    for (const when of [999, new Date(0), 0, -Infinity]) {
      const error = await run(() => errorOf(failAt(when, (scope) => scope.sleep(1))));
      expect(error).toBeInstanceOf(TimeoutError);
    }
  });

  it("OUT-4 with a timeout of 0 no member starts, which is no success", async () => {
    const { run, taskGroup } = virtualRuntime();
    let ran = false;
    const group = taskGroup({ timeout: 0 }, (group) => void group.createTask(() => (ran = true)));
    expect(await run(() => errorOf(group))).toBeInstanceOf(TimeoutError);
    expect(ran).toBe(false);
  });

  it("OUT-4 a background member that came too late is missed by nobody", async () => {
    const { run, taskGroup } = virtualRuntime();
    const group = taskGroup({ timeout: 0 }, (group) => {
      group.createTask(() => 1, { background: true });
      return "done";
    });
    expect(await run(() => group)).toBe("done");
  });

  it("TO-6 a timeout of more than 0 ms never passes before the body is called, however slow the host is", async () => {
    let time = 0;
    const { run, failAfter, taskGroup } = virtualRuntime({ now: () => (time += 50) });
    expect(await run(() => failAfter(1, ({ isCancelled }) => isCancelled()))).toBe(false);
    expect(await run(() => taskGroup({ timeout: 1 }, ({ isCancelled }) => isCancelled()))).toBe(false);
  });

  it.each([2 ** 31, 2 ** 31 - 1, 2 ** 33 + 0.5])("TO-6 %s ms work: timers don't overflow", async (ms) => {
    const { run, failAfter, sleep, now, timers } = virtualRuntime();
    const error = await run(() => errorOf(failAfter(ms, (scope) => scope.sleep(ms + 1))));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(now()).toBe(ms);
    await run(() => sleep(ms));
    expect([now(), timers()]).toEqual([2 * ms, 0]);
  });

  it("TO-6 Infinity is no deadline, sets no timer for one, and sleeps for ever", async () => {
    const { run, failAfter, moveOnAfter, taskGroup, timers } = virtualRuntime();
    const seen: number[] = [];
    const body = () => void seen.push(timers());
    await run(() => failAfter(Infinity, body));
    await run(() => moveOnAfter(Infinity, body));
    await run(() => taskGroup({ timeout: Infinity }, body));
    expect(seen).toEqual([0, 0, 0]);
    const error = await run(() => errorOf(failAfter(2 ** 32, (scope) => scope.sleep(Infinity))));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(timers()).toBe(0);
  });

  it("TO-6 a body that isn't a function is a TypeError, and nothing is set", async () => {
    const { failAfter, failAt, moveOnAfter, taskGroup, timers } = virtualRuntime();
    for (const wrong of [undefined, 5, {}] as never[]) {
      for (const open of [failAfter(10, wrong), failAt(10, wrong), moveOnAfter(10, wrong), taskGroup(wrong)]) {
        expect(await errorOf(open)).toBeInstanceOf(TypeError);
      }
    }
    expect(timers()).toBe(0);
  });
});

describe("TO-7 moveOnAfter", () => {
  it("TO-7 gives the value of a body that is done in time", async () => {
    const { run, moveOnAfter } = virtualRuntime();
    expect(await run(() => moveOnAfter(10, async ({ sleep }) => (await sleep(9), 7)))).toEqual({
      timedOut: false,
      value: 7,
    });
  });

  it("TO-7 gives { timedOut: true } instead of throwing, after the body has ended", async () => {
    const { run, moveOnAfter, now } = virtualRuntime();
    const outcome = await run(() =>
      moveOnAfter(10, async (scope) => {
        try {
          await scope.sleep(1000);
        } finally {
          await scope.shield(({ sleep }) => sleep(40));
        }
      }),
    );
    expect([outcome, now()]).toEqual([{ timedOut: true }, 50]);
  });

  it("TO-7 TO-3 a value in spite of expiry is the value; an error of the body's own is thrown", async () => {
    const { run, moveOnAfter } = virtualRuntime();
    expect(await run(() => moveOnAfter(10, ({ sleep }) => sleep(20).catch(() => 7)))).toEqual({
      timedOut: false,
      value: 7,
    });
    expect(await run(() => errorOf(moveOnAfter(10, ({ sleep }) => sleep(20).catch(() => Promise.reject(boom)))))).toBe(
      boom,
    );
  });

  it("TO-7 TO-4 an outside cancellation is thrown, also after the deadline has passed", async () => {
    for (const at of [5, 15]) {
      const { run, moveOnAfter } = virtualRuntime();
      const outside = new AbortController();
      const error = await run(() =>
        errorOf(
          moveOnAfter(
            10,
            async (scope) => {
              await scope.shield(({ sleep }) => sleep(at));
              outside.abort(stop);
              await scope.sleep(1);
            },
            { signal: outside.signal },
          ),
        ),
      );
      expect(error).toBe(stop);
    }
  });

  it("TO-7 an inner TimeoutError isn't this block's timeout", async () => {
    const { run, moveOnAfter } = virtualRuntime();
    const error = await run(() => errorOf(moveOnAfter(100, (scope) => scope.failAfter(10, ({ sleep }) => sleep(50)))));
    expect(error).toBeInstanceOf(TimeoutError);
  });

  it("TO-7 nested, only the one whose deadline passed has timed out", async () => {
    const { run, moveOnAfter } = virtualRuntime();
    const sleepLong = ({ sleep }: Pick<Scope, "sleep">) => sleep(1000);
    expect(await run(() => moveOnAfter(20, (outer) => outer.moveOnAfter(10, sleepLong)))).toEqual({
      timedOut: false,
      value: { timedOut: true },
    });
    expect(await run(() => moveOnAfter(10, (outer) => outer.moveOnAfter(20, sleepLong)))).toEqual({ timedOut: true });
    expect(await run(() => moveOnAfter(10, (outer) => outer.moveOnAfter(10, sleepLong)))).toEqual({ timedOut: true });
  });

  it("TO-7 c.2 #21 timeouts fire for every one of many members, each at its own deadline", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const ends: number[] = [];
    await run(() =>
      taskGroup((group) => {
        for (let n = 1; n <= 500; n++) {
          group.createTask(async (task) => {
            const outcome = await task.moveOnAfter(n, ({ sleep }) => sleep(10_000));
            if (outcome.timedOut) ends.push(now() - n);
          });
        }
      }),
    );
    expect(ends).toEqual(Array.from({ length: 500 }, () => 0));
  });
});
