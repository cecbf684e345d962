// Measures how smooth ten thousand tasks are: `node scripts/frames.ts`.
// For each phase the times between animation frames, and the main thread's work in a frame (script, style, layout, paint).
import type { Page } from "playwright-core";
import { openPlaygroundServer } from "../src/server/playground-server.ts";
import { buildPage } from "../test/e2e/build-page.ts";
import { findChromium } from "../test/support/chromium.ts";
import { PlaygroundPage } from "../test/e2e/playground-page.ts";

declare global {
  var frameTimes: { between: number[]; work: number[]; stop(): void };
}

/** Counts the page's frames until it is told to stop. The work of a frame ends when a message posted in it arrives. */
function countFrames(): void {
  const between: number[] = [];
  const work: number[] = [];
  const { port1, port2 } = new MessageChannel();
  let isOn = true;
  let last: number | undefined;
  let began = 0;
  port1.onmessage = () => work.push(performance.now() - began);
  const frame = (now: number) => {
    if (!isOn) return;
    if (last !== undefined) between.push(now - last);
    last = now;
    began = performance.now();
    port2.postMessage(undefined);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.frameTimes = { between, work, stop: () => (isOn = false) };
}

async function measure(page: Page, name: string, act: () => Promise<void>): Promise<void> {
  await page.evaluate(countFrames);
  await act();
  const { between, work } = await page.evaluate(() => {
    globalThis.frameTimes.stop();
    return { between: globalThis.frameTimes.between, work: globalThis.frameTimes.work };
  });
  console.log(
    `${name.padEnd(22)} ${String(between.length).padStart(4)} frames  between ${spread(between)}  work ${spread(work)}`,
  );
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) =>
    (sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0).toFixed(1).padStart(6);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)} ms`;
}

const chromium = await findChromium();
if ("missing" in chromium) process.exit(1);
await using built = await buildPage();
const server = await openPlaygroundServer({ files: built.files, port: 0 });
const browser = await chromium.open();
try {
  const page = new PlaygroundPage(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
  await page.page.goto(server.url.href);
  await page.pick("Ten thousand tasks");
  await measure(page.page, "at rest", () => page.page.waitForTimeout(1500));
  await measure(page.page, "running, real time", () => page.run());
  const box = (await page.lanes.boundingBox())!;
  await page.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await measure(page.page, "scrolling", async () => {
    for (let n = 0; n < 120; n++) {
      await page.page.mouse.wheel(0, 700);
      await page.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  });
  await measure(page.page, "zooming and panning", async () => {
    await page.lanes.focus();
    for (let n = 0; n < 60; n++) {
      await page.page.keyboard.press(n < 20 ? "+" : n < 40 ? (n % 2 === 0 ? ">" : "<") : "-");
      await page.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  });
  await page.button("Fit").click();
  await page.choose("Virtual");
  await measure(page.page, "run and replay, virtual", () => page.run());
} finally {
  await browser.close();
  await server.close();
}
