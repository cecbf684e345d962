import { expect, test } from "vitest";
import { writeLink } from "../../src/share/link.ts";
import { findFirefox, FirefoxTab } from "./firefox.ts";
import type { Site } from "./site.ts";

/** A program belongs to its page. */
export function leaving(site: Site): void {
  test("cancels its program when it is left for good: the server sees the request given up", async () => {
    await using page = await site.visit();
    await page.write(`export default async function main({ taskGroup }) {
  await taskGroup({ name: "waits" }, (group) => {
    group.createTask(({ signal }) => fetch("/api/hang?left", { signal }), { name: "request" });
  });
}`);
    await page.button("Run").click();
    await page.laneIn("request", "running").waitFor();
    // To a page that stays: one that is really gone takes its requests with it, whoever made them.
    await page.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false })));
    await page.laneIn("request", "cancelled").waitFor();
    expect(await site.requestEnd("/api/hang?left")).toBe("left");
  });

  test("demands a Firefox where COHORT_ENGINES does", () => {
    const nowhere = { PATH: "/nowhere" };
    expect(() => findFirefox({ ...nowhere, COHORT_ENGINES: "chromium,firefox,webkit" })).toThrow("demands firefox");
    expect(findFirefox({ ...nowhere, COHORT_ENGINES: "chromium" })).toBeUndefined();
    expect(findFirefox(nowhere)).toBeUndefined();
  });

  // Only a real back/forward cache shows it; the site's Chromium, a headless shell, has none.
  const firefox = findFirefox();
  if (firefox === undefined) console.warn("The test of the back/forward cache is skipped: there is no Firefox here");

  test.skipIf(firefox === undefined)(
    "goes on with its program when it comes back from the back/forward cache, in Firefox",
    // A browser may drop a page from its cache whenever it likes.
    { timeout: 150_000, retry: 2 },
    async () => {
      const source = `export default async function main({ taskGroup }) {
  await taskGroup({ name: "waits" }, (group) => {
    group.createTask(({ sleep }) => sleep(2500), { name: "sleeper" });
  });
  return "still here";
}`;
      await using tab = await FirefoxTab.open(firefox!);
      await tab.goto(site.url + writeLink({ program: undefined, source, mode: "real" }));
      await tab.waitFor(`document.querySelector(".cm-content")?.textContent.includes("sleeper")`);
      await tab.evaluate(`document.querySelector(".primary").click()`);
      await tab.waitFor(`document.querySelector('[data-lane="sleeper"][data-state="running"]')`);
      // Firefox remembers no page that hasn't loaded, or whose own question to the server hasn't been answered.
      await tab.waitFor(`performance.getEntriesByType("navigation")[0]?.loadEventEnd > 0 &&
        performance.getEntriesByType("resource").some(({ name, responseEnd }) => name.endsWith("/api/health") && responseEnd > 0)`);
      await tab.evaluate(`{
        globalThis.isRemembered = true;
        addEventListener("pageshow", ({ persisted }) => (globalThis.shown = persisted ? "cached" : "anew"));
      }`);
      await tab.goto(`${site.url}api/health`);
      await tab.goBack();
      // Going back has begun. Another document, which wouldn't know of the one that was left, is told from that one at once.
      const comeback = `location.hash && (globalThis.isRemembered ? globalThis.shown : "another document")`;
      expect(await tab.waitFor(comeback)).toBe("cached");
      expect(await tab.waitFor(`document.querySelector(".result")?.textContent`)).toContain("still here");
      expect(await tab.evaluate(`document.querySelector(".run-state").dataset.phase`)).toBe("ended");
      expect(await tab.evaluate(`document.querySelector('[data-lane="sleeper"]').dataset.state`)).toBe("done");
    },
  );
}
