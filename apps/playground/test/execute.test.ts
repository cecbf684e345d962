import { inspectTasks, runtime } from "@cohort/browser";
import { afterEach, describe, expect, test } from "vitest";
import { InvalidProgram } from "../src/run/invalid-program.ts";
import { execute } from "../src/run/execute.ts";
import { loadProgram } from "../src/run/load-program.ts";
import { programs } from "../src/programs/programs.ts";
import type { RunEvent } from "../src/recording/event.ts";
import { timelineOf } from "../src/recording/timeline.ts";
import { laneNamed, statesOf } from "./support/lanes.ts";
import { publishData, record } from "./support/record.ts";

/** What programs see when their run begins. */
const VIRTUAL_START = Date.UTC(2030, 0, 1);

const host = hostGlobals();

/** What a run takes over: whether each is still what it was. */
function hostGlobals(): unknown[] {
  const own = (owner: object, name: string) => Object.getOwnPropertyDescriptor(owner, name)?.value as unknown;
  const ofPerformance = [own(performance, "now"), own(performance, "timeOrigin")];
  const ofDate = own(Date.prototype, "constructor");
  const timers = [setTimeout, clearTimeout, setInterval, clearInterval, own(AbortSignal, "timeout")];
  return [...timers, fetch, Date, ofDate, console.log, ...ofPerformance];
}

afterEach(() => {
  // Whatever became of the run, the host has everything back.
  for (const [index, each] of hostGlobals().entries()) expect(each).toBe(host[index]);
  expect(inspectTasks()).toEqual([]);
  expect(runtime).toMatchObject({ installed: [] });
});

describe("a run in virtual time", () => {
  test("of five minutes takes an instant, and counts them", async () => {
    const before = performance.now();
    const events = await record(`
      export default async function main({ taskGroup }) {
        await taskGroup({ name: "poll" }, (poll) => {
          poll.createTask(async ({ sleep }) => { for (;;) { await sleep(10_000); console.log("beat"); } }, { name: "beat", background: true });
          poll.createTask(({ sleep }) => sleep(300_001), { name: "long" });
        });
      }`);
    expect(performance.now() - before).toBeLessThan(5000);
    const timeline = timelineOf(events);
    expect(timeline).toMatchObject({ now: 300_001, ending: "done" });
    expect(timeline.output).toHaveLength(30);
    expect(timeline.output.at(-1)).toEqual({ at: 300_000, text: "beat", level: "log" });
  });

  test.each(programs.filter(({ id }) => id !== "ten-thousand"))(
    "of $id is the same each time, with a seed too",
    async ({ source }) => {
      expect(await record(source)).toEqual(await record(source));
      expect(await record(source, { seed: 7 })).toEqual(await record(source, { seed: 7 }));
    },
  );

  test("with other seeds starts in other orders", async () => {
    const source = `export default ({ taskGroup }) => taskGroup((g) => {
      for (const name of "abcdefgh") g.createTask(({ sleep }) => sleep(5), { name });
    });`;
    const orders = new Set<string>();
    for (let seed = 0; seed < 5; seed++) {
      const events = await record(source, { seed });
      orders.add(
        events
          .filter(({ kind }) => kind === "start")
          .map((event) => (event as { id: number }).id)
          .join(),
      );
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  test("lets the host's own timers and dates count on the same clock", async () => {
    const events = await record(`
      export default async function main() {
        const start = [Date.now(), performance.now()];
        let ticks = 0;
        const interval = setInterval(() => ticks++, 100);
        const never = setTimeout(() => console.log("never"), 50);
        clearTimeout(never);
        clearTimeout(undefined);
        const given = await new Promise((resolve) => setTimeout(resolve, 1000, "given"));
        clearInterval(interval);
        console.log(given, ticks, Date.now() - start[0], new Date() - start[0], performance.now() - start[1]);
        console.log(new Date(0).toISOString(), new Date() instanceof Date);
      }`);
    expect(timelineOf(events).output.map(({ text }) => text)).toEqual([
      "given 9 1000 1000 1000",
      "1970-01-01T00:00:00.000Z true",
    ]);
  });

  test("is told by Date however it is asked", async () => {
    const events = await record(`
      export default async function main({ sleep }) {
        await sleep(1500);
        console.log(Date() === new Date().toString(), Date(0) === Date(), new Date(Date()).getTime());
        class Later extends Date { plus(ms) { return new Later(this.getTime() + ms); } }
        console.log(new Later().plus(5).toISOString(), new Later() instanceof Later, new Later() instanceof Date);
        console.log(new Date(2001, 1, 3).getMonth(), Date.UTC(1970, 0, 2), Date.parse("1970-01-01T00:00:01Z"));
        console.log(Date.name, Date.length, new Date(0).constructor === Date, structuredClone(new Date(7)) instanceof Date);
        console.log(performance.timeOrigin + performance.now() === Date.now());
        const now = Date.now;
        Date.now = () => 42;
        console.log(Date.now(), now());
      }`);
    expect(timelineOf(events).output.map(({ text }) => text)).toEqual([
      `true true ${VIRTUAL_START + 1000}`,
      `${new Date(VIRTUAL_START + 1505).toISOString()} true true`,
      "1 86400000 1000",
      "Date 7 true true",
      "true",
      `42 ${VIRTUAL_START + 1500}`,
    ]);
    expect(Date.now()).not.toBe(42);
  });

  test.each([
    ["Infinity", 0],
    ["-Infinity", 0],
    ["NaN", 0],
    ["-5", 0],
    ["undefined", 0],
    ["'30'", 30],
    ["1.9", 1],
    ["2 ** 31 - 1", 2 ** 31 - 1],
    ["2 ** 31", 0],
    ["2 ** 32 + 7", 7],
  ])("makes of a delay of %s what a browser does: %i ms", async (delay, ms) => {
    const events = await record(`
      export default async function main() {
        await new Promise((resolve) => setTimeout(resolve, ${delay}));
        console.log(performance.now());
        let ticks = 0;
        await new Promise((resolve) => {
          const interval = setInterval(() => { if (++ticks === 2) { clearInterval(interval); resolve(); } }, ${delay});
        });
        console.log(performance.now());
      }`);
    const output = timelineOf(events).output.map(({ text }) => Number(text));
    // An interval of none would never let time go on.
    expect(output).toEqual([ms, ms + 2 * Math.max(ms, 1)]);
  });

  test("aborts by AbortSignal.timeout() when the time has come on the clock", async () => {
    const before = performance.now();
    const events = await record(`
      export default async function main({ taskGroup }) {
        const signal = AbortSignal.timeout(60_000);
        console.log(signal instanceof AbortSignal, signal.aborted);
        const error = await fetch("/api/hang", { signal }).catch((reason) => reason);
        console.log(performance.now(), error === signal.reason, error instanceof DOMException, error.name, error.code);
        for (const ms of [NaN, Infinity, -1, undefined, 2 ** 53]) {
          try { AbortSignal.timeout(ms); console.log("taken", ms); } catch (refused) { console.log(refused.name); }
        }
        AbortSignal.timeout(1e12);
      }`);
    expect(performance.now() - before).toBeLessThan(30_000);
    const timeline = timelineOf(events);
    expect(timeline.output.map(({ text }) => text)).toEqual([
      "true false",
      "60000 true true TimeoutError 23",
      ...Array.from({ length: 5 }, () => "TypeError"),
    ]);
    expect(timeline).toMatchObject({ ending: "done", now: 60_000 });
  });

  test("answers requests to the page's own server as it would, with its delays", async () => {
    const events = await record(`
      export default async function main({ failAfter }) {
        const slow = await fetch("/api/slow?chunks=3&every=200");
        console.log(slow.status, await slow.text());
        const page = await fetch(new Request(new URL("/api/page/2?delay=100", globalThis.location?.href ?? "http://page.invalid/")));
        console.log(page.ok, page.headers.get("content-type"), (await page.json()).links, performance.now());
        console.log((await fetch("/api/fail?status=500&delay=0")).status, (await fetch("/api/nothing")).status);
        await failAfter(50, ({ signal }) => fetch("/api/hang", { signal })).catch((error) => console.log(error.name));
        await fetch("https://elsewhere.invalid/").catch((error) => console.log(error.name + ": " + error.message));
        const gone = AbortSignal.abort("gone");
        await fetch("/api/page/1", { signal: gone }).catch((reason) => console.log(reason));
      }`);
    expect(timelineOf(events).output.map(({ text }) => text)).toEqual([
      "200 part 1 of 3\npart 2 of 3\npart 3 of 3\n",
      'true application/json ["/api/page/4","/api/page/5"] 500',
      "500 404",
      "TimeoutError",
      "TypeError: in virtual time there is only the page's own server, under /api/; not https://elsewhere.invalid/",
      "gone",
    ]);
  });

  test("ends when everything waits for what never comes, and says who", async () => {
    const timeline = timelineOf(
      await record(`export default ({ taskGroup }) => taskGroup({ name: "g" }, (g) => {
        g.createTask(({ abortable }) => abortable(new Promise(() => {})), { name: "stuck" });
      });`),
    );
    expect(timeline).toMatchObject({ ending: "failed", errors: { name: "DeadlockError" } });
    expect(statesOf(laneNamed(timeline, "stuck"))).toBe("cancelled 0");
  });

  test("ends even if the program doesn't listen to that", async () => {
    const timeline = timelineOf(await record("export default () => new Promise(() => {});"));
    expect(timeline).toMatchObject({ ending: "failed", errors: { name: "DeadlockError" } });
  });

  test("prints what the library reports, when it does", async () => {
    const timeline = timelineOf(
      await record(`
        import { firstSuccess } from "@cohort/browser";
        export default (group) => firstSuccess([
          ({ sleep }) => sleep(10),
          async ({ sleep, shield }) => { try { await sleep(99); } finally { await shield((s) => s.sleep(5)); throw new Error("late"); } },
        ], { parent: group });`),
    );
    expect(timeline.output).toEqual([{ at: 15, text: "reported: Error: late", level: "error" }]);
  });

  test("says what the program has left behind", async () => {
    const timeline = timelineOf(
      await record(`import { detach } from "@cohort/browser";
        export default () => { detach(({ sleep }) => sleep(1e9), { name: "forgotten" }); };`),
    );
    expect(timeline.output).toMatchObject([
      { level: "warn", text: expect.stringContaining("forgotten (task, running") },
    ]);
    expect(timeline.ending).toBe("done");
  });

  test("tells nothing after its end, whatever goes on", async () => {
    const events = await record(`import { detach } from "@cohort/browser";
      export default () => {
        detach(async ({ sleep }) => { try { await sleep(1e9); } finally { console.log("too late"); } });
        setTimeout(() => console.log("later still"), 50);
      };`);
    expect(events.at(-1)?.kind).toBe("finish");
    expect(events.filter(({ kind }) => kind === "finish")).toHaveLength(1);
  });

  test("is cancelled by the signal, drains, and ends cancelled", async () => {
    const stop = new AbortController();
    const events = await record(
      `export default ({ taskGroup }) => taskGroup({ name: "g" }, (g) => {
        g.createTask(async ({ sleep, shield }) => { try { await sleep(1e6); } finally { await shield((s) => s.sleep(30)); } }, { name: "member" });
      });`,
      {
        signal: stop.signal,
        onEvent: ({ kind }) => kind === "start" && stop.abort(new DOMException("stopped", "AbortError")),
      },
    );
    const timeline = timelineOf(events);
    expect(timeline).toMatchObject({ ending: "cancelled", now: 30 });
    expect(statesOf(laneNamed(timeline, "member"))).toBe("draining 0, cancelled 30");
  });

  test("cancelled before it began runs nothing of its groups", async () => {
    const timeline = timelineOf(
      await record(`export default (group) => { group.createTask(() => console.log("ran")); };`, {
        signal: AbortSignal.abort(),
      }),
    );
    expect(timeline).toMatchObject({ ending: "cancelled", output: [] });
  });

  test("that fails in spite of its cancellation has failed", async () => {
    const stop = new AbortController();
    const events = await record(
      `export default ({ taskGroup }) => taskGroup({ name: "g" }, (g) => {
        g.createTask(async ({ sleep }) => { try { await sleep(1e6); } catch { throw new Error("cleanup failed"); } });
      });`,
      { signal: stop.signal, onEvent: ({ kind }) => kind === "start" && stop.abort() },
    );
    expect(timelineOf(events).ending).toBe("failed");
  });
});

describe("a run in real time", () => {
  test("stamps its events by the host's clock and ends by itself", async () => {
    const events: RunEvent[] = [];
    await execute(() => loadProgram(`export default ({ sleep }) => sleep(30);`, publishData), {
      mode: "real",
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
    });
    const { now, ending } = timelineOf(events);
    expect(ending).toBe("done");
    expect(now).toBeGreaterThanOrEqual(29);
  });
});

describe("a program that can't be run", () => {
  test.each([
    ["its text is wrong", "export default function {", InvalidProgram],
    ["it exports something else", "export default 42;", InvalidProgram],
    ["its top level throws", "throw new RangeError('top'); export default () => {};", RangeError],
    ["its top level rejects", "await Promise.reject(new RangeError('top')); export default () => {};", RangeError],
  ])("is refused when %s, before anything is told", async (_, source, type) => {
    const events: RunEvent[] = [];
    await expect(record(source, { onEvent: (event) => events.push(event) })).rejects.toThrow(type);
    expect(events).toEqual([]);
  });
});
