import type * as Cohort from "@cohort/browser";
import { describe, expect, it, vi } from "vitest";
import { noChromium, openChromium } from "./chromium.ts";
import { pageOf, Site } from "./site.ts";

declare const cohort: typeof Cohort;

// A busy machine may take long to start a browser.
vi.setConfig({ testTimeout: 60_000 });

/** Counts the listeners for `pagehide` that are on the window. Runs before the page's own script. */
function countListeners(): void {
  const counts = { pagehide: 0, unload: 0, beforeunload: 0 } as Record<string, number>;
  const { addEventListener: add, removeEventListener: remove } = globalThis;
  globalThis.addEventListener = (...args: unknown[]) => {
    const name = args[0] as string;
    counts[name] = (counts[name] ?? 0) + 1;
    Reflect.apply(add, globalThis, args);
  };
  globalThis.removeEventListener = (...args: unknown[]) => {
    const name = args[0] as string;
    counts[name] = (counts[name] ?? 0) - 1;
    Reflect.apply(remove, globalThis, args);
  };
  Object.assign(globalThis, { counts });
}

declare const counts: Record<string, number>;

describe.skipIf(noChromium !== undefined)("RT-4 the scope of a page", () => {
  const chromium = openChromium();

  it("RT-4 is cancelled when the page goes: what waits is told why, and cleanups begin", async () => {
    await using site = await Site.open({ "/next": pageOf() });
    const page = await chromium.page(site);
    await page.evaluate(() => {
      const group = cohort.pageScope();
      group.createTask(async ({ sleep }) => {
        const reason: unknown = await sleep(60_000).catch((error: unknown) => error);
        const { name, code, message } = reason as Cohort.CancelledError;
        navigator.sendBeacon("/reason", [name, code, message, reason instanceof cohort.CancelledError].join());
      });
      group.defer(() => void navigator.sendBeacon("/deferred", "deferred"));
    });
    await page.goto(`${site.url}/next`);
    expect(await site.posted("/reason")).toBe("AbortError,COHORT_CANCELLED,the page has gone (pagehide),true");
    expect(await site.posted("/deferred")).toBe("deferred");
  });

  it("RT-4 aborts what it fetches when the page goes, and reports no failure of the network", async () => {
    await using site = await Site.open({ "/next": pageOf() });
    const page = await chromium.page(site);
    await page.evaluate(() => {
      // Somebody else's, and earlier: the engine tells of what it has stopped between two listeners.
      addEventListener("pagehide", () => {});
      addEventListener("error", ({ message }) => void navigator.sendBeacon("/end", message));
      const group = cohort.pageScope();
      group.createTask(({ signal }) => fetch("/hang", { signal }));
      group.createTask(async ({ signal }) => (await fetch("/drip", { signal })).text());
      // Not even given a signal.
      group.createTask(() => fetch("/hang?without"));
      addEventListener("unload", () => void navigator.sendBeacon("/end", "no error"));
    });
    await site.hangs(3);
    await page.goto(`${site.url}/next`);
    await site.hangs(0);
    expect(await site.posted("/end")).toBe("no error");
  });

  it("RT-4 reports a failure of the network like any other while the page is there", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const reported = await page.evaluate(async () => {
      const message = new Promise((resolve) => {
        addEventListener("error", (event) => {
          event.preventDefault();
          resolve(event.message);
        });
      });
      // A port that fetch refuses.
      cohort.pageScope().createTask(({ signal }) => fetch("http://127.0.0.1:1/", { signal }));
      return message;
    });
    expect(reported).toBe("Uncaught TypeError: Failed to fetch");
  });

  it("RT-4 of a frame is cancelled when the frame is taken out", async () => {
    await using site = await Site.open({ "/frame": pageOf(`say("/ready", "");`) });
    const page = await chromium.page(site);
    await page.evaluate(() => {
      const frame = document.createElement("iframe");
      frame.src = "/frame";
      document.body.append(frame);
    });
    await site.posted("/ready");
    await page.evaluate(() => {
      const { cohort: inner } = globalThis.frames[0] as unknown as { cohort: typeof Cohort };
      inner.pageScope().createTask(({ signal }) => fetch("/hang", { signal }));
    });
    await site.hangs(1);
    await page.evaluate(() => document.querySelector("iframe")?.remove());
    await site.hangs(0);
  });

  it("RT-4 has no listener before the first call, one for all that it runs, and none when it has ended", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    await page.evaluate(countListeners);
    // A copy of its own, which is loaded under the count.
    await page.addScriptTag({ type: "module", content: `globalThis.cohort = await import("/cohort.js?counted");` });
    const seen = await page.evaluate(() => {
      const { pageScope } = cohort;
      const at = { imported: counts["pagehide"], called: 0, ended: 0 };
      for (let n = 0; n < 100; n++) pageScope().createTask(({ sleep }) => sleep(60_000));
      at.called = counts["pagehide"] ?? 0;
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false }));
      at.ended = counts["pagehide"] ?? 0;
      return { ...at, counts };
    });
    expect(seen).toMatchObject({ imported: 0, called: 1, ended: 0 });
    // Either would keep the page out of the back/forward cache.
    expect(seen.counts).toMatchObject({ unload: 0, beforeunload: 0 });
    for (const [name, count] of Object.entries(seen.counts)) expect([name, count]).toEqual([name, 0]);
  });

  it("RT-4 is a new one in a page that lives on after its pagehide, and after cancel()", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const { pageScope } = cohort;
      const first = pageScope();
      const same = pageScope() === first;
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false }));
      const second = pageScope();
      const value = await second.createTask(async ({ sleep }) => (await sleep(1), "runs"));
      second.cancel();
      const third = pageScope();
      return [same, first.isCancelled(), second === first, value, second.isCancelled(), third.isCancelled()];
    });
    expect(seen).toEqual([true, true, false, "runs", true, false]);
  });

  it("RT-4 goes on after a pagehide of a page that is kept", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const group = cohort.pageScope();
      const task = group.createTask(async ({ sleep }) => (await sleep(5), "went on"));
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      return [group.isCancelled(), cohort.pageScope() === group, await task];
    });
    expect(seen).toEqual([false, true, "went on"]);
  });

  it("FF-4 supervises: a member that fails goes to the window's error event and stops nobody", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const errors: unknown[] = [];
      addEventListener("error", (event) => {
        event.preventDefault();
        errors.push((event.error as Error).message);
      });
      const group = cohort.pageScope();
      const other = group.createTask(async ({ sleep }) => (await sleep(5), "went on"));
      group.createTask(() => Promise.reject(new RangeError("broken widget")));
      // Who opens a block under it has its failures to himself.
      const own = await group
        .taskGroup((inner) => void inner.createTask(() => Promise.reject(new Error("the caller's"))))
        .catch((error: Cohort.ExceptionGroup) => error.errors.map(String));
      return { errors, other: await other, own, isCancelled: group.isCancelled() };
    });
    expect(seen).toEqual({
      errors: ["broken widget"],
      other: "went on",
      own: ["Error: the caller's"],
      isCancelled: false,
    });
  });

  it("CO-8 reports what a cleanup throws at the end of the page", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const reported = new Promise<string>((resolve) => {
        addEventListener("error", (event) => {
          event.preventDefault();
          resolve((event.error as Cohort.ExceptionGroup).errors.map(String).join());
        });
      });
      cohort.pageScope().defer(() => Promise.reject(new Error("no way to save")));
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false }));
      return reported;
    });
    expect(seen).toBe("Error: no way to save");
  });
});
