import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "vitest";
import { accessibleRow } from "./accessibility-tree.ts";
import type { PlaygroundPage } from "./playground-page.ts";
import type { Site } from "./site.ts";

/** The page without a mouse, and without a screen. */
export function accessible(site: Site): void {
  test("picks a program by keyboard alone, and runs it", { timeout: 60_000 }, async () => {
    // Without motion a run in virtual time is at its end at once.
    await using page = await site.visit({ reducedMotion: "reduce" });
    const { keyboard } = page.page;
    const programs = page.page.getByRole("combobox", { name: "Program" });
    await page.tabTo(programs);
    const titles = await programs.locator("option").allTextContents();
    expect(await programs.inputValue()).toBe("failing-sibling");
    // Quickly through all of them and back: an editor that told of each text that it was given would never come to rest.
    const last = titles.length - 1;
    for (let n = 0; n < last; n++) await keyboard.press("ArrowDown");
    expect(await programs.inputValue()).toBe("ten-thousand");
    for (let n = last; n > titles.indexOf("A deadline"); n--) await keyboard.press("ArrowUp");
    expect(await programs.inputValue()).toBe("deadline");
    await page.editor.getByText("failAfter").first().waitFor();
    expect(await page.button("Revert").isDisabled()).toBe(true);
    await page.tabTo(page.page.getByRole("radio", { name: "Real time" }));
    await keyboard.press("ArrowRight");
    expect(await page.page.getByRole("radio", { name: "Virtual time" }).isChecked()).toBe(true);
    await keyboard.press("Shift+Tab");
    expect(await page.button("Run").and(page.page.locator(":focus")).count()).toBe(1);
    await keyboard.press("Enter");
    await page.ended();
    expect(await page.status.textContent()).toContain("The program failed after");
    await page.laneIn("takes 3000 ms", "cancelled").waitFor();
  });

  test("does all by keyboard: runs, walks through the lanes, folds and zooms", async () => {
    await using page = await site.visit();
    const { keyboard } = page.page;
    await page.pick("Groups in groups");
    await page.tabTo(page.button("Run"));
    await keyboard.press("Enter");
    await page.ended();
    await page.tabTo(page.lanes);
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
    await page.tabTo(page.button("Step back"));
  });

  test("is told by the accessibility tree what each lane is, where, and how it stands", async () => {
    await using page = await site.visit({ reducedMotion: "reduce" });
    await page.choose("Virtual");
    await page.run();
    const failed = await accessibleRow(page, "orders");
    expect(failed).toMatchObject({
      level: 3,
      cells: ["rowheader orders", expect.stringMatching(/^gridcell failed, 0 to /)],
    });
    expect(failed.cells[1]).toContain("answered 503");
    const struck = await accessibleRow(page, "friends");
    expect(struck.cells[1]).toMatch(/^gridcell cancelled, 0 to .*, cancelled by “orders”/);
    expect((await accessibleRow(page, "user")).cells[1]).toMatch(/^gridcell done, /);
    expect(await accessibleRow(page, "main")).toMatchObject({
      level: 1,
      isExpanded: true,
      cells: ["rowheader main , task group", expect.stringMatching(/^gridcell failed, /)],
    });
    // And as it changes: before the failure the same lane is running.
    await page.page.getByRole("slider", { name: "Moment of the run" }).fill("300");
    await page.laneIn("orders", "running").waitFor();
    expect((await accessibleRow(page, "orders")).cells[1]).toMatch(/^gridcell running, since /);
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
