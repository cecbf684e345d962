import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { jsonLines } from "./support/command.ts";
import { onEveryRuntime } from "./support/on-every-runtime.ts";
import { serve, type TestServer } from "./support/serve.ts";

const TIMEOUT = 30_000;
const DEAF_FETCH = fileURLToPath(new URL("./support/deaf-fetch.mjs", import.meta.url));

/** Answers three pages and leaves the others waiting. */
function slowSite(): Promise<TestServer> {
  return serve((request, response) => {
    if (/\/fast/.test(request.url ?? ""))
      response.writeHead(200, { "content-type": "text/html" }).end("<title>x</title>");
  });
}

const urls = ({ origin }: TestServer): string[] =>
  ["/fast1", "/fast2", "/fast3", "/slow1", "/slow2"].map((path) => origin + path);

onEveryRuntime(({ start }) => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "%s cancels, drains, prints what was done and exits with %i",
    { timeout: TIMEOUT },
    async (signal, code) => {
      const server = await slowSite();
      const { child, ended } = start(["--limit", "2", ...urls(server)]);
      await server.untilOpen(2);
      child.kill(signal);
      const end = await ended;
      expect(end).toMatchObject({ code, signal: null });
      expect(end.stdout).toMatch(/^3 pages, 2 cancelled;/m);
      expect(end.stdout).toMatch(new RegExp(`^–.*/slow1 .*cancelled by ${signal}$`, "m"));
      expect(end.stdout).toMatch(
        new RegExp(`^interrupted by ${signal} after 3 pages; still being fetched: .*/slow1, .*/slow2$`, "m"),
      );
      expect(end.stderr).toContain("cohort-crawl: stopping");
      await server.untilOpen(0);
    },
  );

  test("what was done before Ctrl-C is in the JSON too", { timeout: TIMEOUT }, async () => {
    const server = await slowSite();
    const { child, ended } = start(["--json", "--limit", "2", ...urls(server)]);
    await server.untilOpen(2);
    child.kill("SIGINT");
    const end = await ended;
    const { pages, summary } = jsonLines(end);
    expect(end.code).toBe(130);
    expect(pages.map(({ outcome }) => outcome)).toEqual(["fine", "fine", "fine", "cancelled", "cancelled"]);
    expect(summary).toMatchObject({ outcome: "interrupted", exitCode: 130, stillFetching: urls(server).slice(3) });
  });

  test("Ctrl-C takes down the server that the crawler runs itself", { timeout: TIMEOUT }, async () => {
    const { says, child, ended } = start(["--broken", "--keep-going", "--json"]);
    const [, port] = await says(/127\.0\.0\.1:(\d+)/);
    // By its first line of output it has fetched a page, and there are a hundred.
    await says(/"type":"page"/);
    child.kill("SIGINT");
    const end = await ended;
    expect(end).toMatchObject({ code: 130, signal: null });
    expect(jsonLines(end).summary).toMatchObject({ outcome: "interrupted", server: { open: 0 } });
    await expect(connectTo(Number(port))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a second Ctrl-C exits at once, from a crawl that won't end", { timeout: TIMEOUT }, async () => {
    const server = await slowSite();
    const { says, child, ended } = start(["--limit", "2", ...urls(server)], { preload: DEAF_FETCH });
    await server.untilOpen(2);
    child.kill("SIGINT");
    await says(/stopping; once more, and it ends at once/);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, signal: null, stdout: "" });
    await server.untilOpen(0);
  });

  test("two signals at once are answered as the one that is heard first", { timeout: TIMEOUT }, async () => {
    const server = await slowSite();
    const { child, ended } = start(["--limit", "2", ...urls(server)]);
    await server.untilOpen(2);
    // Stopped meanwhile, or the crawl might have drained, and gone back to the system's own answer, before the second comes.
    // Which of the two the system delivers first is its own affair.
    for (const signal of ["SIGSTOP", "SIGINT", "SIGTERM", "SIGCONT"] as const) child.kill(signal);
    const { code, signal } = await ended;
    expect([130, 143]).toContain(code);
    expect(signal).toBeNull();
  });

  test("Ctrl-C is heard while standard input has nothing to say", { timeout: TIMEOUT }, async () => {
    const server = await slowSite();
    const { child, ended } = start(["--file", "-"]);
    child.stdin?.write(`${server.origin}/slow\n`);
    await server.untilOpen(1);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, signal: null });
  });
});

/** Gives nothing but a failure, if nobody listens there. */
async function connectTo(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    await new Promise<void>((resolve, reject) => void socket.once("connect", resolve).once("error", reject));
  } finally {
    socket.destroy();
  }
}
