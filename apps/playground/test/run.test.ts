import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programById, programs } from "../src/programs/programs.ts";
import type { RunEvent } from "../src/recording/event.ts";
import { timelineOf } from "../src/recording/timeline.ts";
import type { Mode, RunEnd } from "../src/run/run-program.ts";
import { openPlaygroundServer, type PlaygroundServer } from "../src/server/playground-server.ts";
import { findChromium } from "./support/chromium.ts";
import type { Engine } from "./support/engine/engine.ts";
import { arrowsOf, laneNamed } from "./support/lanes.ts";
import { record } from "./support/record.ts";

const chromium = await findChromium();
const app = join(import.meta.dirname, "..");

declare const engine: Engine;

describe.skipIf("missing" in chromium)("the engine in Chromium", { timeout: 30_000 }, () => {
  let files: string;
  let server: PlaygroundServer;
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];

  beforeAll(async () => {
    files = await mkdtemp(join(tmpdir(), "playground-engine-"));
    await build({
      root: join(app, "test/support/engine"),
      configFile: join(app, "vite.config.ts"),
      logLevel: "error",
      build: { outDir: files, emptyOutDir: true },
    });
    server = await openPlaygroundServer({
      files,
      port: 0,
      onRequest: (path, end) => requests.push(`${path} ${end}`),
    });
    if ("missing" in chromium) return;
    browser = await chromium.open();
    page = await browser.newPage();
    await page.goto(server.url.href);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (files !== undefined) await rm(files, { recursive: true });
  });

  interface Run {
    readonly end: RunEnd;
    readonly events: RunEvent[];
    readonly listeners: number;
  }

  async function start(source: string, mode: Mode): Promise<void> {
    requests.length = 0;
    await page.evaluate(([text, how]) => engine.start(text, how), [source, mode] as const);
  }

  /** Resolves when the program has printed this. */
  async function printed(text: string): Promise<void> {
    await page.waitForFunction(
      (wanted) => engine.events.some((event) => event.kind === "output" && event.text === wanted),
      text,
    );
  }

  function end(): Promise<Run> {
    return page.evaluate(async () => {
      const how = (await engine.ended()) as RunEnd;
      return { end: how, events: engine.events, listeners: engine.listeners() };
    });
  }

  async function run(source: string, mode: Mode): Promise<Run> {
    await start(source, mode);
    const result = await end();
    // Nothing of a run is left.
    expect(result.listeners).toBe(0);
    await expect.poll(() => page.workers().length).toBe(0);
    return result;
  }

  function outputOf({ events }: Run): string[] {
    return timelineOf(events).output.map(({ text }) => text);
  }

  test("a program runs in real time with real requests, and those of cancelled members are given up", async () => {
    const { end: how, events } = await run(sourceOf("failing-sibling"), "real");
    expect(how).toEqual({ state: "failed" });
    const timeline = timelineOf(events);
    expect(timeline.now).toBeGreaterThanOrEqual(600);
    expect(laneNamed(timeline, "friends").segments.at(-1)?.state).toBe("cancelled");
    expect(arrowsOf(timeline).map((arrow) => arrow.replace(/ at .*/, ""))).toContain("orders → messages");
    await expect
      .poll(() => [...requests].sort())
      .toEqual([
        "/api/fail?delay=600 answered",
        "/api/hang left",
        "/api/page/1?delay=200 answered",
        "/api/page/3?delay=2000 left",
      ]);
  });

  test.each(programs.filter(({ id }) => id !== "ten-thousand"))(
    "$id tells in virtual time what it tells on Node, and asks no server",
    async ({ source }) => {
      const { events } = await run(source, "virtual");
      // A message to the page keeps what is undefined, the driver of the browser doesn't.
      expect(events).toEqual(JSON.parse(JSON.stringify(await record(source))));
      expect(requests).toEqual([]);
    },
  );

  test("a loop of waits that take no time doesn't stop the time that it waits for", async () => {
    const told = await run(
      `import { yieldToMain } from "@cohort/browser";
      export default async function main(group) {
        let isReady = false;
        setTimeout(() => (isReady = true), 100);
        while (!isReady) await new Promise((resolve) => setTimeout(resolve, 0));
        console.log(performance.now());
        setTimeout(() => (isReady = false), 100);
        while (isReady) await yieldToMain(group);
        console.log(performance.now());
      }`,
      "virtual",
    );
    expect(outputOf(told)).toEqual(["100", "200"]);
  });

  test("an answer has its URL, comes by the server's time, and goes with its signal", async () => {
    const told = await run(
      `export default async function main() {
        const page = await fetch("/api/page/1#top");
        console.log(new URL(page.url).pathname, page.url.includes("#"));
        const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        const late = await fetch("/api/slow?chunks=5&every=300");
        await wait(10_000);
        const before = performance.now();
        await late.text();
        console.log(performance.now() - before);
        const stop = new AbortController();
        const cut = await fetch("/api/slow?chunks=5&every=300", { signal: stop.signal });
        await wait(10_000);
        const whole = await cut.text();
        stop.abort("too late");
        const lost = new AbortController();
        const unread = await fetch("/api/slow?chunks=5&every=300", { signal: lost.signal });
        await wait(500);
        lost.abort("gone");
        console.log(whole.length > 0, await unread.body.getReader().read().catch((reason) => reason));
      }`,
      "virtual",
    );
    expect(outputOf(told)).toEqual(["/api/page/1 false", "0", "true gone"]);
  });

  test("frames and the scheduler count on the virtual clock, the more urgent first", async () => {
    const { end: how, ...told } = await run(
      `import { yieldToMain } from "@cohort/browser";
      export default async function main(group) {
        const at = () => Math.round(performance.now());
        const frame = () => new Promise(requestAnimationFrame);
        console.log(Math.round(await frame()), at(), Math.round(await frame()));
        const [a, b] = await Promise.all([frame(), frame()]);
        console.log(a === b);
        cancelAnimationFrame(requestAnimationFrame(() => console.log("never")));
        const began = at();
        console.log(await scheduler.postTask(() => at() - began, { delay: 60_000 }));
        const order = [];
        const post = (priority) => scheduler.postTask(() => order.push(priority), { priority });
        await Promise.all([post("background"), post("user-visible"), post("user-blocking"), scheduler.yield().then(() => order.push("yield"))]);
        console.log(order.join());
        const stop = new TaskController({ priority: "background" });
        const posted = scheduler.postTask(() => console.log("never"), { signal: stop.signal, delay: 10 });
        stop.abort("enough");
        console.log(await posted.catch((reason) => reason));
        console.log(await scheduler.postTask(() => { throw new Error("thrown"); }).catch(({ message }) => message));
        console.log(await scheduler.postTask(() => {}, { signal: AbortSignal.abort("before") }).catch((reason) => reason));
        console.log(await scheduler.postTask(5).catch(({ name }) => name));
        await group.taskGroup((g) => {
          g.createTask(async () => { for (let n = 0; n < 5; n++) await yieldToMain(g); console.log("yielded", at() - began); });
          g.createTask(async ({ sleep }) => { await sleep(1); console.log("slept"); });
        });
      }`,
      "virtual",
    );
    expect(outputOf({ end: how, ...told })).toEqual([
      "16 16 32",
      "true",
      "60000",
      "user-blocking,yield,user-visible,background",
      "enough",
      "thrown",
      "before",
      "TypeError",
      "yielded 60000",
      "slept",
    ]);
    expect(how).toEqual({ state: "done" });
  });

  test("ten thousand tasks come in batches, about one a frame", async () => {
    await start(sourceOf("ten-thousand"), "virtual");
    const [how, count, batches] = await page.evaluate(
      async () => [await engine.ended(), engine.events.length, engine.batches()] as const,
    );
    expect(how).toEqual({ state: "done" });
    expect(count).toBeGreaterThan(30_000);
    expect(batches).toBeLessThan(count / 20);
    expect(batches).toBeGreaterThan(1);
  });

  test("cancelling a run drains its program, and ends it", async () => {
    await start(
      `export default ({ taskGroup }) => taskGroup({ name: "g" }, (g) => {
        g.createTask(async ({ signal, shield }) => {
          console.log("waits");
          try { await fetch("/api/hang", { signal }); } finally { await shield(({ sleep }) => sleep(20)); console.log("cleaned up"); }
        }, { name: "member" });
      });`,
      "real",
    );
    await printed("waits");
    await page.evaluate(() => engine.cancel());
    const result = await end();
    expect(result.end).toEqual({ state: "cancelled" });
    expect(outputOf(result)).toEqual(["waits", "cleaned up"]);
    expect(result.listeners).toBe(0);
    const { segments } = laneNamed(timelineOf(result.events), "member");
    // In real time it may be seen pending before.
    expect(segments.map(({ state }) => state).slice(-3)).toEqual(["running", "draining", "cancelled"]);
    await expect.poll(() => requests).toEqual(["/api/hang left"]);
  });

  test.each(["real", "virtual"] as const)("a program that loops in %s time is killed with its worker", async (mode) => {
    await start(
      `export default async (group) => {
        console.log("before");
        // The page is told first, and answers.
        const channel = new BroadcastChannel("told");
        await new Promise((resolve) => { channel.onmessage = resolve; });
        for (;;);
      };`,
      mode,
    );
    await printed("before");
    await page.evaluate(() => {
      new BroadcastChannel("told").postMessage(1);
      engine.cancel();
    });
    await page.evaluate(() => engine.kill());
    const result = await end();
    expect(result.end).toEqual({ state: "killed" });
    expect(result.events.at(-1)).toMatchObject({ kind: "finish", state: "killed" });
    expect(timelineOf(result.events)).toMatchObject({ state: "ended", ending: "killed" });
    expect(result.listeners).toBe(0);
    // Chromium gives what loops two seconds.
    await expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(0);
  });

  test("a mistake in the text is told with its line and column, and nothing runs", async () => {
    const { end: how, events } = await run("// one\nexport default function main( {\n  return 1;\n", "real");
    expect(how).toEqual({ state: "invalid", message: "Unexpected keyword 'return'", line: 3, column: 3 });
    expect(events).toEqual([]);
  });

  test("what the module's own top level throws is told as well", async () => {
    const { end: how } = await run('throw new Error("top"); export default () => {};', "virtual");
    expect(how).toMatchObject({ state: "invalid", message: "Error: top" });
  });

  test("what nobody handles is shown as output, and ends nothing", async () => {
    const result = await run(
      `export default async ({ sleep }) => {
        void Promise.reject(new TypeError("lost"));
        setTimeout(() => { throw new RangeError("thrown in a timer"); });
        reportError("told");
        await sleep(50);
        postMessage({ kind: "events", events: [] });
        postMessage("the program's own business");
        void Promise.reject(new Error("lost at the end"));
        console.info("%s", "still", { here: [1] });
        console.warn(new Error("warned").message);
      };`,
      "real",
    );
    expect(result.end).toEqual({ state: "done" });
    expect(outputOf(result).sort()).toEqual([
      '%s still {"here":[1]}',
      "reported: RangeError: thrown in a timer",
      "reported: told",
      "unhandled rejection: Error: lost at the end",
      "unhandled rejection: TypeError: lost",
      "warned",
    ]);
  });

  test("a program that was started by an aborted signal is cancelled as it begins", async () => {
    await page.evaluate(() => {
      engine.start("export default ({ sleep }) => sleep(1e9);", "real");
      engine.cancel();
    });
    expect((await end()).end).toEqual({ state: "cancelled" });
  });

  test("the page knows whether its own server is there", async () => {
    expect(await page.evaluate(() => engine.hasPageServer())).toBe(true);
    await page.route("**/api/health", (route) => route.fulfill({ status: 404, body: "<h1>not here</h1>" }));
    expect(await page.evaluate(() => engine.hasPageServer())).toBe(false);
    // Some hosts answer everything with the page itself.
    await page.unroute("**/api/health");
    await page.route("**/api/health", (route) => route.fulfill({ status: 200, body: "<title>the page</title>" }));
    expect(await page.evaluate(() => engine.hasPageServer())).toBe(false);
    await page.unroute("**/api/health");
  });

  test("leaving the page ends what it runs", async () => {
    await start(
      `export default ({ taskGroup }) => taskGroup((g) => {
        g.createTask(({ signal }) => { console.log("asks"); return fetch("/api/hang", { signal }); });
      });`,
      "real",
    );
    await printed("asks");
    await page.goto("about:blank");
    await expect.poll(() => requests).toEqual(["/api/hang left"]);
  });
});

function sourceOf(id: string): string {
  const program = programById(id);
  if (program === undefined) throw new Error(`there is no program "${id}"`);
  return program.source;
}
