// Takes a picture of every program in both themes, wide and narrow: `node scripts/screenshots.ts FOLDER`.
import { join } from "node:path";
import { openPlaygroundServer } from "../src/server/playground-server.ts";
import { PlaygroundPage } from "../test/e2e/playground-page.ts";
import { buildPage } from "../test/e2e/build-page.ts";
import { findChromium } from "../test/support/chromium.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("which folder are the pictures to go to?");
const chromium = await findChromium();
if ("missing" in chromium) process.exit(1);
await using built = await buildPage();
const server = await openPlaygroundServer({ files: built.files, port: 0 });
const browser = await chromium.open();
try {
  for (const [width, height] of [
    [1440, 900],
    [360, 780],
  ] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      // Without motion a run in virtual time shows its end at once.
      const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
      await page.goto(server.url.href);
      const playground = new PlaygroundPage(page);
      const take = (name: string) =>
        page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: width < 1000 });
      await take("empty");
      await playground.choose("Virtual");
      for (const title of await page.getByRole("combobox", { name: "Program" }).locator("option").allTextContents()) {
        await playground.pick(title);
        await playground.run();
        await playground.lanes.focus();
        for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
        await take(title.toLowerCase().replaceAll(/\W+/g, "-"));
      }
      await playground.write("export default async function main() {\n  const = 1;\n}");
      await playground.button("Run").click();
      await playground.inPhase("refused");
      await take("refused");
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
