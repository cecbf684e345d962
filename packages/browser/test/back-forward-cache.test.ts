import { describe, expect, it, vi } from "vitest";
import { findEngine } from "./engines.ts";
import { pageOf, Site } from "./site.ts";

// Each opens a browser of its own, which takes long on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

/** It goes to the next page as soon as its work runs; what it does when it comes back, it posts. */
const FIRST = `
const { pageScope, sleep, failAfter } = cohort;
const group = pageScope();
const work = group.createTask(async (task) => {
  await task.abortable(new Promise((resolve) => addEventListener("pageshow", resolve)));
  return "went on";
});
// Its own timer stands in the cache, in these engines.
const deadline = failAfter(1500, (scope) => scope.sleep(60_000)).catch((error) => error);
const began = performance.now();
addEventListener("pagehide", ({ persisted }) => navigator.sendBeacon("/hide", String(persisted)));
addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted) return;
  const before = group.isCancelled();
  const late = Promise.race([deadline.then(({ name }) => name), sleep(500).then(() => "is lost")]);
  say("/show", [before, pageScope() === group, await work, await late].join());
});
// A page that leaves before it has loaded isn't remembered by its browser.
addEventListener("load", () => setTimeout(() => location.assign("/next"), 0));
`;

/** It goes back when the deadline of the first page has passed. */
const NEXT = `setTimeout(() => history.back(), 2000);`;

const engines = [await findEngine("firefox"), await findEngine("webkit")].filter((engine) => engine !== undefined);

// Chromium without a window has no such cache, so that its part is played with an event of ours: see page-scope.test.ts.
describe.skipIf(engines.length === 0)("RT-4 a page that comes back from the back/forward cache", () => {
  // A browser may drop a page from its cache whenever it likes.
  it.each(engines)(
    "RT-4 was never cancelled, and has the deadline that passed meanwhile: $name",
    { retry: 2 },
    async (engine) => {
      await using site = await Site.open({ "/first": pageOf(FIRST), "/next": pageOf(NEXT) });
      await engine.visit(`${site.url}/first`, async () => {
        expect(await site.posted("/hide")).toBe("true");
        expect(await site.posted("/show")).toBe("false,true,went on,TimeoutError");
      });
    },
  );
});
