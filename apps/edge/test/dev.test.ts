import { createServer, connect, type AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { start } from "./support/command.ts";
import type { Line, Page } from "./support/wire.ts";

const TIMEOUT = 60_000;

interface Ready {
  readonly type: "ready";
  readonly url: string;
  readonly curl: readonly string[];
  readonly upstreams: Readonly<Record<string, string>>;
}

/** Whether anybody listens there. */
function listens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

describe("npm run edge", () => {
  test("prints a URL and three curl lines that do what they say", { timeout: TIMEOUT }, async () => {
    const { printed, ended, signalAll } = start(["--port", "0"]);
    const text = await printed(/What reaches the upstreams/);
    expect(text).toMatch(/^The shop gateway is on http:\/\/127\.0\.0\.1:\d+\/, until Ctrl-C/);
    const urls = [...text.matchAll(/^ {2}curl -[iN] (http:\S+)/gm)].map(([, url]) => url ?? "");
    expect(urls).toHaveLength(3);
    const [whole, partial, stream] = await Promise.all(
      urls.map(async (url) => {
        const response = await fetch(url);
        expect(response.status).toBe(200);
        return await response.text();
      }),
    );
    expect((JSON.parse(whole ?? "") as Page).sku).toBe("lamp");
    expect((JSON.parse(partial ?? "") as Page).missing).toContainEqual({ part: "reviews", why: "too slow" });
    const lines = (stream ?? "").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as Line).at(-1)).toMatchObject({ done: true });
    // What the upstreams saw of it is shown, among it the one that hangs.
    await printed(/reviews +GET \/reviews\/kettle: closed by the gateway after \d+ ms/);
    signalAll("SIGINT");
    expect(await ended).toMatchObject({ code: 130, signal: null });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "%s to it alone ends it with %i, and nobody listens any more",
    { timeout: TIMEOUT },
    async (signal, code) => {
      const { printed, ended, child } = start(["--port", "0", "--json"]);
      const ready = JSON.parse(await printed(/\n/)) as Ready;
      const urls = [ready.url, ...Object.values(ready.upstreams)];
      expect(urls).toHaveLength(7);
      expect(await Promise.all(urls.map(listens))).not.toContain(false);
      child.kill(signal);
      expect(await ended).toMatchObject({ code, signal: null, stderr: "" });
      expect(await Promise.all(urls.map(listens))).not.toContain(true);
    },
  );

  test(
    "ends with 130 while an upstream hangs; --json has printed what the others did",
    { timeout: TIMEOUT },
    async () => {
      const { printed, ended, signalAll } = start(["--port", "0", "--json"]);
      const { url, curl } = JSON.parse(await printed(/\n/)) as Ready;
      expect(curl).toHaveLength(3);
      const open = fetch(`${url}products/clock?parts=product,price`).then(
        (response) => response.status,
        () => "cut",
      );
      // The catalog has answered, the mirrors of the prices won't.
      await printed(/"path":"\/products\/clock"/);
      signalAll("SIGINT");
      const { code, signal, stdout } = await ended;
      expect({ code, signal }).toEqual({ code: 130, signal: null });
      expect([504, "cut"]).toContain(await open);
      const [, first] = stdout.split("\n");
      expect(JSON.parse(first ?? "")).toMatchObject({
        type: "exchange",
        upstream: "catalog",
        method: "GET",
        path: "/products/clock",
        end: "answered",
        status: 200,
      });
    },
  );

  test("stops quietly when nobody reads its output any more", { timeout: TIMEOUT }, async () => {
    const { child, ended } = start(["--port", "0"]);
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 141, signal: null, stderr: "" });
  });

  test("--help says what there is", { timeout: TIMEOUT }, async () => {
    const { code, stdout, stderr } = await start(["--help"]).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const option of ["--port <n>", "--json", "--help"]) expect(stdout).toContain(option);
  });

  test.each([
    [["--port", "70000"], "argument '70000' is invalid. A port is a number from 0 to 65535."],
    [["--prot", "1"], "unknown option '--prot' (Did you mean --port?)"],
    [["lamp"], "too many arguments. Expected 0 arguments but got 1."],
  ])("%j: one line that says what is wrong, and 2", { timeout: TIMEOUT }, async (args, message) => {
    const { code, stdout, stderr } = await start(args).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^edge: .+\n$/);
    expect(stderr).toContain(message);
  });

  test("a port that is taken: one line that says so, and 2", { timeout: TIMEOUT }, async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await start(["--port", String(port)]).ended).toMatchObject({
      code: 2,
      stdout: "",
      stderr: `edge: port ${port} is taken; --port 0 takes any that is free\n`,
    });
  });
});
