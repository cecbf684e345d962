import type * as Cohort from "@cohort/browser";
import { adapter, failAt, now, sleep } from "@cohort/browser";
import { afterEach, describe, expect, it, vi } from "vitest";
import { noChromium, openChromium } from "./chromium.ts";
import { Host } from "./host.ts";
import { pageOf, Site } from "./site.ts";

declare const cohort: typeof Cohort;

// A busy machine may take long to start a browser.
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const HOUR = 3_600_000;

describe("RT-2 under fake timers", () => {
  it("RT-2 time is the test's, and each wait is one timer", async () => {
    vi.useFakeTimers();
    const order: string[] = [];
    const waits = [sleep(2 * HOUR).then(() => order.push("two")), sleep(HOUR).then(() => order.push("one"))];
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(HOUR - 1);
    expect(order).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(order).toEqual(["one"]);
    await vi.advanceTimersToNextTimerAsync();
    await Promise.all(waits);
    expect(order).toEqual(["one", "two"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("RT-2 timers go off although the test's clock stands", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let woke = false;
    void sleep(HOUR).then(() => (woke = true));
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(woke).toBe(true);
  });

  it("TO-1 a deadline at a date follows a test whose fake timers begin at a date, and at an earlier one", async () => {
    for (const date of [new Date("2031-01-01T00:00Z"), new Date("2025-01-01T00:00Z")]) {
      vi.useFakeTimers({ now: date });
      const block = failAt(new Date(date.getTime() + 1000), ({ sleep: nap }) => nap(500).then(() => "in time"));
      await vi.advanceTimersByTimeAsync(500);
      expect(await block).toBe("in time");
      expect(Math.abs(now() - Date.now())).toBeLessThan(1000);
      vi.useRealTimers();
      expect(Math.abs(now() - Date.now())).toBeLessThan(1000);
    }
  });
});

it("TO-1 a date that a test replaced, and put back, is left behind", () => {
  const spy = vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2035, 0));
  expect(now()).toBeGreaterThanOrEqual(Date.UTC(2035, 0));
  spy.mockRestore();
  expect(Math.abs(now() - Date.now())).toBeLessThan(1000);
});

describe("TO-1 whatever a page's two clocks do", () => {
  /** What may happen at once: `steady` ms go by, while the date is set by `set` ms or the machine sleeps as long. */
  const sets = [-2 * HOUR, -900, 0, 900, 2 * HOUR];
  const moves = [-5, 0, 0.4, 2000].flatMap((steady) => sets.map((set) => ({ steady, set })));

  it("TO-1 the time never goes back", () => {
    const isForward = courses(moves).map((course) => {
      const host = new Host();
      const times = course.map(({ steady, set }) => (host.pass(steady), host.setDate(set), now()));
      return times.every((time, n) => n === 0 || time >= (times[n - 1] as number));
    });
    expect([isForward.length, isForward.indexOf(false)]).toEqual([8000, -1]);
  });

  it("TO-1 no deadline is early by it, and none is lost", () => {
    let [early, lost] = [0, 0];
    // Timers go by the steady clock, which no engine turns back; its readings are sums of fractions.
    for (const course of courses(moves.filter(({ steady }) => steady >= 0))) {
      const host = new Host();
      const when = now() + 3000.25;
      const fired: number[] = [];
      adapter.setTimer(() => fired.push(now()), 3000.25);
      for (const { steady, set } of course) {
        host.pass(steady);
        host.setDate(set);
        host.show();
      }
      host.pass(3001.25);
      early += fired.filter((time) => time < when - 0.01).length;
      lost += 1 - fired.length;
    }
    expect([early, lost]).toEqual([0, 0]);
  });
});
/** Every course of three moves. */
function courses<Move>(moves: readonly Move[]): readonly (readonly Move[])[] {
  return moves.flatMap((first) => moves.flatMap((second) => moves.map((third) => [first, second, third])));
}

/** Lets the steady clock of the page stand while the date goes on, as a machine that sleeps does in some engines. */
const FALL_ASLEEP = `{
  const { now } = Date;
  let slept = 0;
  Date.now = () => now.call(Date) + slept;
  globalThis.fallAsleep = (ms) => (slept += ms);
}`;
declare function fallAsleep(ms: number): void;

describe.skipIf(noChromium !== undefined)("TO-1 deadlines in a page are by the clock", () => {
  const chromium = openChromium();

  it("TO-1 one that passed while the machine slept expires when the page is shown again, the earliest first", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    await page.evaluate(FALL_ASLEEP);
    const seen = await page.evaluate(async () => {
      const order: string[] = [];
      const nap = (name: string, ms: number): Promise<unknown> =>
        cohort
          .failAfter(ms, ({ sleep }) => sleep(2 ** 40))
          .catch((error: Error) => order.push(`${name} ${error.name}`));
      const before = cohort.now();
      const due = [nap("second", 3_000_000), nap("first", 2_000_000)];
      const later = nap("not yet", 9_000_000);
      fallAsleep(3_600_000);
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      await Promise.all(due);
      const isLate = await Promise.race([later.then(() => "expired"), cohort.sleep(1).then(() => "waits")]);
      return [order, isLate, Math.round((cohort.now() - before) / 60_000)];
    });
    expect(seen).toEqual([["first TimeoutError", "second TimeoutError"], "waits", 60]);
  });

  it("TO-1 a second's drift between the clocks of the page changes nothing", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    await page.evaluate(FALL_ASLEEP);
    const seen = await page.evaluate(async () => {
      const before = cohort.now();
      fallAsleep(900);
      return cohort.now() - before < 800;
    });
    expect(seen).toBe(true);
  });

  it("TO-1 none is early, whatever fraction of a ms it has", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const early = await page.evaluate(async () => {
      const waits = Array.from({ length: 200 }, (_, n) => 1 + n / 20);
      const left = await Promise.all(
        waits.map(async (ms) => {
          const when = cohort.now() + ms;
          await cohort.sleep(ms);
          return when - cohort.now();
        }),
      );
      // The engine's clock has a grain of 0.1 ms.
      return left.filter((ms) => ms > 0.21);
    });
    expect(early).toEqual([]);
  });

  it("CA-9 nothing listens when no deadline is open, and three listeners do for any number of them", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      let listeners = 0;
      const [add, remove] = [addEventListener.bind(globalThis), removeEventListener.bind(globalThis)];
      globalThis.addEventListener = (...args: unknown[]) => {
        listeners++;
        (add as (...args: unknown[]) => void)(...args);
      };
      globalThis.removeEventListener = (...args: unknown[]) => {
        listeners--;
        (remove as (...args: unknown[]) => void)(...args);
      };
      const counts: number[] = [];
      await cohort.taskGroup(async (group) => {
        for (let n = 0; n < 100; n++) group.createTask(({ sleep }) => sleep(60_000 + n));
        await group.sleep(1);
        counts.push(listeners);
        group.cancel();
      });
      return [...counts, listeners];
    });
    expect(seen).toEqual([3, 0]);
  });

  it("RT-2 a page under Playwright's clock has the test's time", async () => {
    await using site = await Site.open({ "/clocked": pageOf() });
    const page = await chromium.page(site);
    await page.clock.install({ time: new Date("2030-01-01T00:00Z") });
    await page.goto(`${site.url}/clocked`);
    await page.waitForFunction("globalThis.cohort !== undefined");
    await page.evaluate(() => {
      void cohort
        .sleep(3_600_000)
        .then(() => Object.assign(globalThis, { woke: new Date(cohort.now()).getUTCHours() }));
    });
    expect(await page.evaluate("globalThis.woke")).toBeUndefined();
    await page.clock.runFor("01:00:01");
    await page.waitForFunction("globalThis.woke !== undefined");
    expect(await page.evaluate("globalThis.woke")).toBe(1);
  });
});
