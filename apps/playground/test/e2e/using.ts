import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "vitest";
import { arrowRed, type PlaygroundPage } from "./playground-page.ts";
import type { Site } from "./site.ts";

/** How the page is used: by keyboard, by ear, on a small screen, again. */
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
    expect(await textOf(other)).toBe(source);
    await other.run();
    expect(await other.page.getByRole("region", { name: "Output" }).textContent()).toContain("2");

    await using broken = await site.visit({ hash: new URL(link).hash.slice(0, -6) });
    await broken.page.getByRole("region", { name: "Program" }).getByText("The link can’t be read").waitFor();
    expect(await broken.alert.textContent()).toContain("The link can’t be read");
  });

  test("does all by keyboard: runs, walks through the lanes, folds and zooms", async () => {
    await using page = await site.visit();
    const { keyboard } = page.page;
    const tabTo = async (isThere: () => Promise<boolean>) => {
      for (let n = 0; n < 40; n++) {
        await keyboard.press("Tab");
        if (await isThere()) return;
      }
      throw new Error("Tab doesn't come there");
    };
    const focus = page.page.locator(":focus");
    const focused = (role: "button" | "treegrid", name: string) => async () =>
      (await page.page.getByRole(role, { name, exact: true }).and(focus).count()) === 1;

    await page.pick("Groups in groups");
    await tabTo(focused("button", "Run"));
    await keyboard.press("Enter");
    await page.ended();
    await tabTo(focused("treegrid", "Tasks"));
    const active = () =>
      page.page.evaluate(() => {
        const id = document.activeElement?.getAttribute("aria-activedescendant");
        return id ? document.getElementById(id)?.dataset["lane"] : undefined;
      });
    await keyboard.press("ArrowDown");
    expect(await active()).toBe("main");
    await keyboard.press("ArrowDown");
    const group = (await active())!;
    expect(await page.lane(group).getAttribute("aria-expanded")).toBe("true");
    const rows = Number(await page.lanes.getAttribute("aria-rowcount"));
    await keyboard.press("ArrowLeft");
    expect(await page.lane(group).getAttribute("aria-expanded")).toBe("false");
    expect(Number(await page.lanes.getAttribute("aria-rowcount"))).toBeLessThan(rows);
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    expect(await active()).not.toBe(group);
    await keyboard.press("End");
    expect(await page.lanes.locator("[aria-selected=true]").getAttribute("aria-rowindex")).toBe(String(rows));
    expect(await page.button("Fit").isDisabled()).toBe(true);
    await keyboard.press("+");
    expect(await page.button("Fit").isDisabled()).toBe(false);
    await keyboard.press("0");
    expect(await page.button("Fit").isDisabled()).toBe(true);
    // And out again: nothing keeps the focus.
    await tabTo(focused("button", "Step back"));
  });

  test.each(["light", "dark"] as const)(
    "meets no serious obstacle to assistive technology in the %s theme",
    { timeout: 60_000 },
    async (theme) => {
      await using page = await site.visit({ colorScheme: theme, reducedMotion: "reduce" });
      await page.choose("Virtual");
      await page.run();
      await page.lane("orders").click();
      await expectAccessible(page);
      await page.write("export default function main() { return ( }");
      await page.button("Run").click();
      await page.inPhase("refused");
      await expectAccessible(page);
    },
  );

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

function textOf({ editor }: PlaygroundPage): Promise<string> {
  return editor
    .locator(".cm-line")
    .allTextContents()
    .then((lines) => lines.join("\n"));
}

async function expectAccessible({ page }: PlaygroundPage): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    serious.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
    ),
  ).toEqual([]);
}
