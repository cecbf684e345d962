import { expect, test } from "vitest";
import { arrowRed } from "./playground-page.ts";
import type { Site } from "./site.ts";

/** What becomes of programs in the page. */
export function running(site: Site): void {
  test("that has a failing member is seen to cancel the others, and says whose failure it was", async () => {
    await using page = await site.visit();
    await page.pick("One fails, all stop");
    await page.run();
    for (const name of ["friends", "messages"]) {
      await page.laneIn(name, "cancelled").waitFor();
      expect(await page.lane(name).textContent()).toContain("cancelled by “orders”");
      expect(await page.pixelsIn(name, arrowRed)).toBeGreaterThan(0);
    }
    await page.laneIn("user", "done").waitFor();
    expect(await page.arrowHeads()).toBeGreaterThanOrEqual(3);
    expect(await page.alert.textContent()).toContain("answered 503");
    expect(await page.status.textContent()).toContain("The program failed after");

    const leaf = page.page.getByRole("region", { name: "Exceptions" }).getByRole("button", { name: "answered 503" });
    await leaf.click();
    expect(await page.lane("orders").getAttribute("aria-selected")).toBe("true");
    expect(await leaf.getAttribute("aria-pressed")).toBe("true");
    // The server knows as well: the request that hung was given up.
    expect(await site.requestEnd("/api/hang")).toBe("left");
  });

  test("that has a deadline drains when it passes, and is over when the cleanups are", async () => {
    await using page = await site.visit();
    await page.pick("A deadline");
    await page.run();
    await page.laneIn("takes 300 ms", "done").waitFor();
    await page.laneIn("takes 3000 ms", "cancelled").click();
    const details = page.page.getByRole("region", { name: "Selected" });
    expect(await details.textContent()).toMatch(/drainingfor (2[5-9]\d|[3-9]\d\d) ms|drainingfor [\d.]+ s/);
    expect(await page.page.getByRole("region", { name: "Exceptions" }).textContent()).toContain("TimeoutError");
  });

  test("that was edited runs as it was edited, and what it prints and returns shows", async () => {
    await using page = await site.visit();
    await page.write(`export default async function main({ taskGroup }) {
  await taskGroup({ name: "mine" }, (group) => {
    group.createTask(async () => console.log("hello"), { name: "greeter" });
  });
  return 42;
}`);
    await page.choose("Virtual");
    await page.run();
    await page.laneIn("mine", "done").waitFor();
    await page.laneIn("greeter", "done").waitFor();
    const output = await page.page.getByRole("region", { name: "Output" }).textContent();
    expect(output).toContain("hello");
    expect(output).toContain("42");
  });

  test("that isn't JavaScript is refused at its line, until it is edited", async () => {
    await using page = await site.visit();
    await page.write("export default async function main() {\n  const = 1;\n}");
    await page.button("Run").click();
    await page.inPhase("refused");
    const line = page.editor.locator(".cm-problem-line");
    expect(await line.textContent()).toBe("  const = 1;");
    const message = await page.editor.locator(".cm-problem-message").textContent();
    expect(await page.alert.textContent()).toBe(`Line 2: ${message}`);
    await page.page.getByText("This program can’t be run").waitFor();

    await page.write("export default function main() { return 1 }");
    await line.waitFor({ state: "detached" });
    await page.run();
    expect(await page.status.textContent()).toContain("is done");
  });

  test("that is cancelled drains; its cleanup is seen", async () => {
    await using page = await site.visit();
    await page.write(`export default async function main({ taskGroup }) {
  await taskGroup({ name: "work" }, (group) => {
    group.createTask(async ({ sleep, shield }) => {
      try { await sleep(60_000) } finally { await shield(({ sleep }) => sleep(300)) }
    }, { name: "tidy" });
  });
}`);
    await page.button("Run").click();
    await page.laneIn("tidy", "running").waitFor();
    await page.button("Cancel").click();
    await page.inPhase("cancelling");
    await page.ended();
    await page.laneIn("tidy", "cancelled").click();
    const details = page.page.getByRole("region", { name: "Selected" });
    expect(await details.textContent()).toMatch(/drainingfor (2[5-9]\d|[3-9]\d\d) ms|drainingfor [\d.]+ s/);
    expect(await page.status.textContent()).toContain("was cancelled");
  });

  test("that loops is killed after it didn't heed its cancellation", async () => {
    await using page = await site.visit();
    await page.write("export default function main() { for (;;); }");
    await page.button("Run").click();
    await page.inPhase("running");
    await page.button("Cancel").click();
    await page.button("Kill").click();
    await page.ended();
    expect(await page.status.textContent()).toContain("was killed");
    // The page itself is none the worse.
    await page.write("export default function main() {}");
    await page.run();
    expect(await page.status.textContent()).toContain("is done");
  });

  test("of ten thousand tasks draws those in view, and comes to the last by one key", async () => {
    await using page = await site.visit();
    await page.pick("Ten thousand tasks");
    await page.run();
    expect(Number(await page.lanes.getAttribute("aria-rowcount"))).toBeGreaterThan(10_000);
    expect(await page.lanes.getByRole("row").count()).toBeLessThan(60);
    expect(Number(await page.page.locator(".timeline-canvas").getAttribute("data-bars"))).toBeLessThan(200);
    await page.lanes.focus();
    await page.page.keyboard.press("End");
    await page.laneIn("task 99.99", "done").waitFor();
    expect(await page.lanes.getByRole("row").count()).toBeLessThan(60);
  });
}
