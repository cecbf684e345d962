import type * as Cohort from "@cohort/browser";
import { describe, expect, it, vi } from "vitest";
import { noChromium, openChromium } from "./chromium.ts";
import { Site } from "./site.ts";

declare const cohort: typeof Cohort;

/** The part of the Prioritized Task Scheduling API that TypeScript's DOM doesn't have everywhere. */
declare const TaskController: new (init: { priority: string }) => AbortController;

// A busy machine may take long to start a browser.
vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(noChromium !== undefined)("RT-4 signals of the platform go in", () => {
  const chromium = openChromium();

  it("CA-4 a component's: its abort cancels the group, and its reason comes out as it is", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      // An element that owns a controller, and aborts it when it is taken out of the page.
      class Widget extends HTMLElement {
        readonly controller = new AbortController();
        work: Promise<unknown> | undefined;
        connectedCallback(): void {
          const { signal } = this.controller;
          this.work = cohort.taskGroup({ signal }, (group) => {
            group.createTask(({ signal: own }) => fetch("/hang", { signal: own }));
          });
          this.work.catch(() => {});
        }
        disconnectedCallback(): void {
          this.controller.abort("taken out");
        }
      }
      customElements.define("a-widget", Widget);
      const widget = new Widget();
      document.body.append(widget);
      await Promise.resolve();
      widget.remove();
      return widget.work?.catch((reason: unknown) => reason);
    });
    expect(seen).toBe("taken out");
    await site.hangs(0);
  });

  it("CA-4 a TaskSignal of a TaskController", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const controller = new TaskController({ priority: "background" });
      const { signal } = controller;
      const group = cohort.taskGroup({ signal }, ({ sleep }) => sleep(60_000)).catch((reason: unknown) => reason);
      const nap = cohort.sleep(60_000, signal).catch((reason: unknown) => reason);
      controller.abort("lower priorities first");
      return [await group, await nap];
    });
    expect(seen).toEqual(["lower priorities first", "lower priorities first"]);
  });

  it("CA-9 leave no listener behind", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const { signal } = new TaskController({ priority: "user-visible" });
      let [listeners, most] = [0, 0];
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: unknown[]) => {
        most = Math.max(most, ++listeners);
        (add as (...args: unknown[]) => void)(...args);
      };
      signal.removeEventListener = (...args: unknown[]) => {
        listeners--;
        (remove as (...args: unknown[]) => void)(...args);
      };
      const napping = Array.from({ length: 50 }, () => cohort.sleep(1, signal));
      await cohort.taskGroup({ signal }, (group) => {
        for (let n = 0; n < 50; n++) group.createTask(({ sleep }) => sleep(1));
      });
      await cohort.yieldToMain(signal);
      await Promise.all(napping);
      return [listeners, most];
    });
    expect(seen).toEqual([0, 1]);
  });
});

describe.skipIf(noChromium !== undefined)("RT-4 a group's signal goes out", () => {
  const chromium = openChromium();

  it("RT-4 to fetch, before the answer and within its body", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const cancelled = page.evaluate(async () => {
      const seen: string[] = [];
      const value = await cohort.taskGroup(async (group) => {
        for (const path of ["/hang", "/drip"]) {
          group.createTask(async ({ signal, isCancellation }) => {
            try {
              return await (await fetch(path, { signal })).text();
            } catch (error) {
              seen.push(`${path} ${isCancellation(error)}`);
              throw error;
            }
          });
        }
        Object.assign(globalThis, { cancel: group.cancel });
        return "no failure";
      });
      return [value, ...seen.sort()];
    });
    await site.hangs(2);
    await page.evaluate("cancel()");
    expect(await cancelled).toEqual(["no failure", "/drip true", "/hang true"]);
    await site.hangs(0);
  });

  it("RT-4 to addEventListener, which it takes the listener off", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const heard = await page.evaluate(async () => {
      let clicks = 0;
      await cohort.taskGroup((group) => {
        document.body.addEventListener("click", () => void clicks++, { signal: group.signal });
        document.body.click();
        group.cancel();
        document.body.click();
      });
      return clicks;
    });
    expect(heard).toBe(1);
  });

  it("RT-4 to pipeTo, which cancels the source and aborts the sink", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const log: string[] = [];
      await cohort.taskGroup(async (group) => {
        group.createTask(({ signal }) =>
          new ReadableStream({
            pull: (controller) => controller.enqueue("more"),
            cancel: (reason) => void log.push(`source ${String(reason === signal.reason)}`),
          }).pipeTo(
            new WritableStream({
              write: () => cohort.sleep(1),
              abort: (reason) => void log.push(`sink ${String(reason === signal.reason)}`),
            }),
            { signal },
          ),
        );
        await group.sleep(20);
        group.cancel();
      });
      return log.sort();
    });
    expect(seen).toEqual(["sink true", "source true"]);
  });

  it("RT-4 to navigator.locks: who waits for a lock leaves the queue, and a lock that is held is given back", async () => {
    await using site = await Site.open();
    const page = await chromium.page(site);
    const seen = await page.evaluate(async () => {
      const pending = async (): Promise<number> => (await navigator.locks.query()).pending?.length ?? 0;
      const log: unknown[] = [];
      await cohort.taskGroup(async (group) => {
        const held = group.start((task, started: (value: void) => void) =>
          navigator.locks.request("database", () => {
            started();
            return task.sleep(60_000);
          }),
        );
        await held;
        group.createTask(({ signal }) => navigator.locks.request("database", { signal }, () => log.push("never")));
        while ((await pending()) === 0) await cohort.yieldToMain(group);
        group.cancel();
      });
      const { held = [], pending: left = [] } = await navigator.locks.query();
      return [...log, held.length, left.length];
    });
    expect(seen).toEqual([0, 0]);
  });
});
