import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { openPlaygroundServer, type PlaygroundServer } from "../../src/server/playground-server.ts";
import type { Chromium } from "../support/chromium.ts";
import { buildPage } from "./build-page.ts";
import { PlaygroundPage } from "./playground-page.ts";

type Visit = AsyncDisposable & PlaygroundPage;

/** The built page on its own server, and a browser to visit it with. */
export interface Site {
  readonly url: string;
  /**
   * A page of its own, in a profile of its own if that is to differ from the usual one. Errors that the page doesn't handle
   * are thrown when the visit is disposed of.
   */
  visit(options?: BrowserContextOptions & { readonly hash?: string }): Promise<Visit>;
  /** How a request of a program's that begins with this path ends; also one that has ended before. */
  requestEnd(path: string): Promise<string>;
}

const ordinary: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  permissions: ["clipboard-read", "clipboard-write"],
};

/** One server and one browser for a file's tests. */
export function openSite(chromium: Chromium): Site {
  const stack = new AsyncDisposableStack();
  const ends: { readonly path: string; readonly end: string }[] = [];
  const waiting = new Set<() => void>();
  let browser: Browser;
  let usual: BrowserContext;
  let server: PlaygroundServer;

  beforeAll(async () => {
    if ("missing" in chromium) return;
    const { files } = stack.use(await buildPage());
    const onRequest = (path: string, end: string) => {
      ends.push({ path, end });
      for (const look of waiting) look();
    };
    server = stack.adopt(await openPlaygroundServer({ files, port: 0, onRequest }), (opened) => opened.close());
    browser = stack.adopt(await chromium.open(), (opened) => opened.close());
    usual = await browser.newContext(ordinary);
  }, 60_000);
  afterAll(() => stack.disposeAsync(), 30_000);

  return {
    get url() {
      return server.url.href;
    },
    async visit({ hash = "", ...context } = {}) {
      const isUsual = Object.keys(context).length === 0;
      const profile = isUsual ? usual : await browser.newContext({ ...ordinary, ...context });
      const page = await profile.newPage();
      // What is waited for in vain is named before the test itself is out of time.
      page.setDefaultTimeout(15_000);
      const errors: unknown[] = [];
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(server.url.href + hash);
      return Object.assign(new PlaygroundPage(page), {
        async [Symbol.asyncDispose]() {
          await (isUsual ? page : profile).close();
          if (errors.length > 0)
            throw new AggregateError(errors, `the page has unhandled errors: ${errors.join("; ")}`);
        },
      });
    },
    requestEnd(path) {
      return new Promise((resolve) => {
        const look = () => {
          const found = ends.find((request) => request.path.startsWith(path));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found.end);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
