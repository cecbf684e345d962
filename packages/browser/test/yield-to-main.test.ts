import type * as Cohort from "@cohort/browser";
import { describe, expect, it, vi } from "vitest";
import { noChromium, openChromium } from "./chromium.ts";
import { Site } from "./site.ts";

declare const cohort: typeof Cohort;

/** The page's own, with or without some of its methods; the methods that are called are counted. */
declare function limitScheduler(...names: string[]): Record<string, number>;

// A busy machine may take long to start a browser.
vi.setConfig({ testTimeout: 60_000 });

const SETUP = `globalThis.limitScheduler = (...names) => {
  const { scheduler } = globalThis;
  const counts = {};
  const methods = names.map((name) => [name, (...args) => {
    counts[name] = (counts[name] ?? 0) + 1;
    return scheduler[name](...args);
  }]);
  const value = names.length === 0 ? undefined : Object.fromEntries(methods);
  Object.defineProperty(globalThis, "scheduler", { configurable: true, value });
  return counts;
};`;

describe.skipIf(noChromium !== undefined)("RT-4 yieldToMain", () => {
  const chromium = openChromium();

  it("RT-4 isn't ended by the signal of a postTask that it's called in", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const unhandled: string[] = [];
      addEventListener("unhandledrejection", ({ reason }) => void unhandled.push(String(reason)));
      const controller = new TaskController() as AbortController;
      const ended = await new Promise<string>((resolve) => {
        const slices = async (): Promise<string> => {
          controller.abort();
          await cohort.yieldToMain(null);
          await cohort.taskGroup((group) => cohort.yieldToMain(group));
          return cohort.yieldToMain(7 as never).then(
            () => "resolved",
            (error: unknown) => (error as Error).name,
          );
        };
        // Its own promise is rejected by the signal.
        scheduler.postTask(() => slices().then(resolve, resolve), controller).catch(() => {});
      });
      return [ended, ...unhandled];
    });
    expect(seen).toEqual(["TypeError"]);
  });

  it.each([
    ["scheduler.yield where the browser has it", ["yield", "postTask"], { yield: 3 }],
    ["scheduler.postTask where that is all it has", ["postTask"], { postTask: 3 }],
    ["a message where it has neither", [], {}],
  ])("RT-4 goes through %s, looked up at the call", async (_, methods, calls) => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    await page.evaluate(SETUP);
    const seen = await page.evaluate(async (names) => {
      const counts = limitScheduler(...names);
      const order: string[] = [];
      const timer = new Promise<void>((resolve) =>
        setTimeout(() => {
          order.push("timer");
          resolve();
        }),
      );
      await cohort.taskGroup(async (group) => {
        await cohort.yieldToMain(group);
        await cohort.yieldToMain(group.signal);
        await cohort.yieldToMain(null);
        order.push("yielded");
      });
      await timer;
      return { counts, order: order.sort() };
    }, methods);
    expect(seen).toEqual({ counts: calls, order: ["timer", "yielded"] });
  });

  it.each([[["yield"]], [["postTask"]], [[]]])(
    "RT-4 lets the page handle input between slices of work: %j",
    async (methods) => {
      await using site = await Site.open();
      const page = await chromium.page(site);
      await page.evaluate(SETUP);
      const working = page.evaluate(async (names) => {
        limitScheduler(...names);
        let isClicked = false;
        document.addEventListener("mousedown", () => (isClicked = true), { once: true });
        await fetch("/working", { method: "POST" });
        await cohort.taskGroup(async (group) => {
          // Without the yield nothing could ever set it.
          while (!isClicked) await cohort.yieldToMain(group);
        });
        return isClicked;
      }, methods);
      await site.posted("/working");
      await page.mouse.down();
      expect(await working).toBe(true);
    },
  );

  it.each([[["yield"]], [["postTask"]], [[]]])(
    "CA-1 rejects with the reason when its scope is cancelled, meanwhile or before: %j",
    async (methods) => {
      await using site = await Site.open();
      const page = await chromium.page(site);
      await page.evaluate(SETUP);
      const seen = await page.evaluate(async (names) => {
        limitScheduler(...names);
        const unhandled: unknown[] = [];
        addEventListener("unhandledrejection", ({ reason }) => unhandled.push(String(reason)));
        const reasonOf = (promise: Promise<void>): Promise<unknown> => promise.catch((reason: unknown) => reason);
        const controller = new AbortController();
        const meanwhile = reasonOf(cohort.yieldToMain(controller.signal));
        controller.abort("enough");
        const before = reasonOf(cohort.yieldToMain(controller.signal));
        const forNobody = reasonOf((cohort.yieldToMain as () => Promise<void>)());
        const noScope = reasonOf((cohort.yieldToMain as (scope: unknown) => Promise<void>)({}));
        const results = [await meanwhile, await before, String(await forNobody), (await noScope) instanceof TypeError];
        await cohort.sleep(1);
        return [...results, unhandled];
      }, methods);
      expect(seen).toEqual([
        "enough",
        "enough",
        "TypeError: yieldToMain needs a scope, an AbortSignal or null",
        true,
        [],
      ]);
    },
  );

  it("CA-9 takes back a task of the scheduler's that nobody waits for any more, and closes its port", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const signals: AbortSignal[] = [];
      const postTask = (_: unknown, { signal }: { signal: AbortSignal }): Promise<void> => {
        signals.push(signal);
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      };
      Object.defineProperty(globalThis, "scheduler", { configurable: true, value: { postTask } });
      await cohort.moveOnAfter(1, (scope) => cohort.yieldToMain(scope));
      Object.defineProperty(globalThis, "scheduler", { configurable: true, value: undefined });
      let closed = 0;
      const { MessageChannel: Host } = globalThis;
      globalThis.MessageChannel = class extends Host {
        constructor() {
          super();
          const close = this.port1.close.bind(this.port1);
          this.port1.close = () => {
            closed++;
            close();
          };
        }
      };
      await cohort.yieldToMain(null);
      await cohort.yieldToMain(AbortSignal.abort()).catch(() => {});
      return [signals.map(({ aborted }) => aborted), closed];
    });
    expect(seen).toEqual([[true], 2]);
  });
});
