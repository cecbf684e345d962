import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-sync",
];

/** Runs a module script in a page of a real Chromium; gives what the script posts to `/result`. */
export async function runInPage(browser: string, script: string): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), "cohort-chromium-"));
  let posted = (_text: string): void => {};
  const result = new Promise<string>((resolve) => (posted = resolve));
  const server = createServer((request, response) => {
    if (request.url === "/result") {
      let text = "";
      request.setEncoding("utf8").on("data", (part: string) => (text += part));
      request.on("end", () => (response.end(), posted(text)));
    } else if (request.url === "/script.js") {
      response.setHeader("content-type", "text/javascript").end(script);
    } else {
      response
        .setHeader("content-type", "text/html")
        .end('<!doctype html><script type="module" src="/script.js"></script>');
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const isRoot = process.getuid?.() === 0;
  const args = [
    ...FLAGS,
    ...(isRoot ? ["--no-sandbox"] : []),
    `--user-data-dir=${profile}`,
    `http://127.0.0.1:${port}/`,
  ];
  const child = spawn(browser, args, { stdio: "ignore" });
  const ended = once(child, "exit").then(
    ([code]) => `it exited with ${code}`,
    (error: Error) => error.message,
  );
  try {
    const early = ended.then((how) => Promise.reject(new Error(`${browser}: ${how}`)));
    const late = AbortSignal.timeout(60_000);
    const tooLate = once(late, "abort").then(() => Promise.reject(late.reason as Error));
    return await Promise.race([result, early, tooLate]);
  } finally {
    child.kill();
    await ended;
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true });
  }
}
