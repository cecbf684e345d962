import { expect, test } from "vitest";
import { arrowRed } from "./playground-page.ts";
import type { Site } from "./site.ts";

/** How the page is used: again, by a link, on a small screen. */
export function using(site: Site): void {
  test("steps back to before a failure and forward again, and hears what each event was", async () => {
    await using page = await site.visit();
    await page.pick("One fails, all stop");
    await page.choose("Virtual");
    await page.run();
    expect(await page.pixelsIn("friends", arrowRed)).toBeGreaterThan(0);
    const isRunning = page.laneIn("friends", "running");
    while (!(await isRunning.isVisible())) await page.button("Step back").click();
    expect(await page.status.textContent()).toMatch(/^Event \d+ of \d+, at \d+ ms: /);
    expect(await page.pixelsIn("friends", arrowRed)).toBe(0);
    expect(await page.arrowHeads()).toBe(0);
    await page.laneIn("user", "done").waitFor();
    while (!(await page.laneIn("friends", "cancelled").isVisible())) await page.button("Step").click();
    expect(await page.pixelsIn("friends", arrowRed)).toBeGreaterThan(0);

    await page.page.getByRole("combobox", { name: "Speed" }).selectOption({ label: "100×" });
    await page.page.getByRole("slider", { name: "Moment of the run" }).fill("0");
    await page.laneIn("friends", "cancelled").waitFor({ state: "detached" });
    await page.button("Replay").click();
    await page.ended();
    await page.laneIn("friends", "cancelled").waitFor();
  });

  test("copies a link that opens the same program in the same mode", async () => {
    await using page = await site.visit();
    const source = "// Grüße, 世界 👋\nexport default async function main() {\n  return `${1 + 1}`;\n}\n";
    await page.write(source);
    await page.choose("Virtual");
    await page.button("Copy link").click();
    await page.button("Copied").waitFor();
    expect(await page.status.textContent()).toBe("A link to this program was copied");
    const link = await page.page.evaluate(() => navigator.clipboard.readText());
    expect(link).toBe(page.page.url());

    await using other = await site.visit({ hash: new URL(link).hash });
    await other.page.getByRole("radio", { name: "Virtual time", checked: true }).waitFor();
    expect(await other.text()).toBe(source);
    await other.run();
    expect(await other.page.getByRole("region", { name: "Output" }).textContent()).toContain("2");

    await using broken = await site.visit({ hash: new URL(link).hash.slice(0, -6) });
    await broken.page.getByRole("region", { name: "Program" }).getByText("The link can’t be read").waitFor();
    expect(await broken.alert.textContent()).toContain("The link can’t be read");
  });

  test("is told that a program is too long for a link, and keeps what was copied before", async () => {
    await using page = await site.visit();
    await page.page.evaluate(() => navigator.clipboard.writeText("mine"));
    const url = page.page.url();
    // Random digits, which can't be packed into much less.
    await page.write(
      `// ${Array.from({ length: 50_000 }, (_, n) =>
        Math.sin(n + 1)
          .toString(36)
          .slice(-10),
      ).join("")}`,
    );
    await page.button("Copy link").click();
    await page.button("Too long for a link").waitFor();
    expect(await page.alert.textContent()).toBe("This program is too long for a link: nothing was copied");
    expect(await page.page.evaluate(() => navigator.clipboard.readText())).toBe("mine");
    expect(page.page.url()).toBe(url);

    await page.write("export default () => 1;");
    expect(await page.alert.textContent()).toBe("");
    await page.button("Copy link").click();
    await page.button("Copied").waitFor();
  });

  test("chooses a theme, which the page keeps", async () => {
    await using page = await site.visit({ colorScheme: "light" });
    const background = () => page.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await page.page.getByRole("combobox", { name: "Theme" }).selectOption({ label: "Dark" });
    expect(await background()).not.toBe(light);
    await page.page.reload();
    await page.button("Run").waitFor();
    expect(await background()).not.toBe(light);
  });

  test("scrolls sideways nowhere on a screen of 360 px, whatever the program", async () => {
    await using page = await site.visit({ viewport: { width: 360, height: 740 }, hasTouch: true });
    await page.choose("Virtual");
    await page.page.emulateMedia({ reducedMotion: "reduce" });
    const titles = await page.page.getByRole("combobox", { name: "Program" }).locator("option").allTextContents();
    for (const title of titles) {
      await page.pick(title);
      await page.run();
      expect.soft(await page.page.evaluate(() => document.documentElement.scrollWidth), title).toBe(360);
    }
    await page.button("Run").click({ trial: true });
  });
}
