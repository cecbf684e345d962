import { describe, expect, it } from "vitest";
import { Client } from "./client.ts";
import { countOf, lacksDeno, programWith } from "./child.ts";

/** What makes Deno abort the signal of a request for its client alone, and not at each end. */
const strict = ["--unstable-no-legacy-abort"];

/** Without it Deno says once that somebody has read the signal of a request. */
function withoutWarning(stderr: string): string {
  return stderr.replace(/^Deno\.serve: request\.signal aborts .*\n/m, "");
}

/** A server, and a client of it. */
async function serving(flags: readonly string[] = strict) {
  const child = programWith(flags, "serve");
  await child.says("port ");
  const client = new Client(Number(/port (\d+)/.exec(child.stdout)?.[1]));
  /** Waits until no group is open. */
  const allClosed = async (): Promise<void> => {
    while ((await client.get("/open")).body !== "[]");
  };
  return { child, client, allClosed, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

describe.skipIf(lacksDeno !== "")("RT-6 requestScope(): what goes out", () => {
  it("RT-6 a body that is there as a whole goes out as its Response would by itself", async () => {
    await using server = await serving();
    const plain = await server.client.get("/plain");
    expect([plain.status, plain.body, plain.headers["content-length"]]).toEqual([200, "hello", "5"]);
    expect(plain.headers["content-type"]).toMatch(/^text\/plain;charset=utf-8$/i);
    const json = await server.client.get("/json");
    expect([json.status, json.body, json.headers["content-length"]]).toEqual([201, '{"a":1}', "7"]);
    expect([json.headers["content-type"], json.headers["x-own"]]).toEqual([
      expect.stringContaining("application/json"),
      "kept",
    ]);
    const empty = await server.client.get("/empty");
    expect([empty.status, empty.body]).toEqual([204, ""]);
    await server.allClosed();
    for (const path of ["/plain", "/json", "/empty"]) {
      expect(server.child.stdout).toContain(`GET ${path} ended, not cancelled\n`);
    }
    expect(server.child.stderr).toBe("");
  });

  it("RT-6 a stream keeps its group open until it has been read, and its end is no cancellation", async () => {
    await using server = await serving();
    const { body, headers } = await server.client.get("/stream");
    expect([body, headers["content-type"]]).toEqual(["0 1 2 ", "text/x-drops"]);
    await server.child.says("GET /stream ended");
    expect(server.child.stdout).toContain("GET /stream ended, not cancelled\n");
  });

  it("RT-6 members that still run keep the group open after the response has been read", async () => {
    await using server = await serving();
    expect((await server.client.get("/member")).body).toBe("at once");
    expect((await server.client.get("/open")).body).toBe('["GET /member"]');
    await server.client.get("/release");
    await server.child.says("GET /member ended, not cancelled\n");
    await server.allClosed();
  });

  it.each([
    ["", strict],
    [", without the flag", []],
  ])("RT-6 the answer to HEAD has no body, which is no client that went away%s", async (_name, flags) => {
    await using server = await serving(flags);
    for (const path of ["/plain", "/stream", "/endless"]) {
      const { status, body } = await server.client.get(path, { method: "HEAD" });
      expect([status, body]).toEqual([200, ""]);
      await server.child.says(`HEAD ${path} ended`);
      expect(server.child.stdout).toContain(`HEAD ${path} ended, not cancelled\n`);
    }
    await server.allClosed();
    expect(withoutWarning(server.child.stderr)).toBe("");
  });

  it("RT-6 a request that became a WebSocket ends its group with its members, and its socket goes on", async () => {
    await using server = await serving();
    expect(await server.client.talk("/socket")).toEqual(["hello", "hello again"]);
    expect((await server.client.get("/open")).body).toBe('["GET /socket"]');
    await server.client.get("/release");
    await server.child.says("GET /socket ended, not cancelled\n");
    await server.allClosed();
    expect(server.child.stderr).toBe("");
  });
});

describe.skipIf(lacksDeno !== "")("RT-6 requestScope(): a client that goes away", () => {
  it.each([
    ["before there is a response", "/wait", "waiting", strict],
    ["before there is a response, without the flag", "/wait", "waiting", []],
    ["while the response is read", "/endless", undefined, strict],
    ["while the response is read, without the flag", "/endless", undefined, []],
    ["while the response is pulled", "/pulled", undefined, strict],
    ["while the response is pulled, without the flag", "/pulled", undefined, []],
  ])("RT-6 %s: the group is cancelled by a DisconnectedError", async (_, path, ready, flags) => {
    await using server = await serving(flags);
    const request = server.client.open(path);
    if (ready === undefined) await request.firstChunk;
    else await server.child.says(ready);
    request.leave();
    await server.child.says(`GET ${path} ended`);
    expect(server.child.stdout).toMatch(new RegExp(`GET ${path} ended, DisconnectedError \\(.+\\)\\n`));
    await server.allClosed();
    // What Deno prints of it comes later.
    await server[Symbol.asyncDispose]();
    expect(withoutWarning(server.child.stderr)).toBe("");
  });

  it("RT-6 a normal end isn't taken for a client that goes away, though Deno aborts the signal then", async () => {
    await using server = await serving([]);
    for (const path of ["/plain", "/empty", "/stream", "/member"]) {
      await server.client.get(path);
      if (path === "/member") await server.client.get("/release");
      await server.child.says(`GET ${path} ended`);
      expect(server.child.stdout).toContain(`GET ${path} ended, not cancelled\n`);
    }
  });

  it("RT-6 a hundred clients that go away leave no group open", async () => {
    await using server = await serving();
    const requests = Array.from({ length: 100 }, (_, i) => server.client.open(i % 2 ? "/endless" : "/wait"));
    await Promise.all(requests.filter((_, i) => i % 2).map(({ firstChunk }) => firstChunk));
    while (countOf("waiting\n", server.child.stdout) < 50) await server.client.get("/open");
    for (const request of requests) request.leave();
    await server.allClosed();
    expect(countOf("DisconnectedError", server.child.stdout)).toBe(100);
  });

  it("RT-6 a response that is made after its client left is cancelled", async () => {
    await using server = await serving();
    const request = server.client.open("/late");
    await server.child.says("waiting");
    request.leave();
    await server.child.says("late source cancelled, DisconnectedError\n");
    await server.allClosed();
    expect(server.child.stderr).toBe("");
  });
});

describe.skipIf(lacksDeno !== "")("RT-6 requestScope(): failures", () => {
  it("RT-6 before the response a member's failure goes to the server's error handler", async () => {
    await using server = await serving();
    const { status, body } = await server.client.get("/fails");
    expect([status, body]).toEqual([
      500,
      'ExceptionGroup: unhandled errors in TaskGroup "GET /fails" (1 sub-exception)',
    ]);
    expect(server.child.stderr).toBe("");
  });

  it("RT-6 while the response is read a member's failure breaks it off, and is reported with its path", async () => {
    await using server = await serving();
    const request = server.client.open("/fails-while-read");
    await request.firstChunk;
    await server.client.get("/release");
    expect(await request.ended).toBe("broken off");
    await server.child.says("GET /fails-while-read > culprit");
    expect(countOf("RangeError: no luck", server.child.stderr)).toBeGreaterThan(0);
    await server.allClosed();
  });

  it("RT-6 after the response a member's failure is reported with its path, once", async () => {
    await using server = await serving();
    expect((await server.client.get("/fails-after")).body).toBe("fine so far");
    await server.client.get("/release");
    await server.child.says("GET /fails-after > culprit");
    await server.allClosed();
    expect(countOf("RangeError: no luck", server.child.stderr)).toBe(1);
  });

  it("RT-6 a stream whose source fails is broken off, and the failure is reported with the request's name", async () => {
    await using server = await serving();
    expect(await server.client.open("/source-fails").ended).toBe("broken off");
    await server.child.says('in TaskGroup "GET /source-fails"');
    expect(server.child.stderr).toContain("RangeError: source ran dry");
    await server.allClosed();
  });

  it("TO-2 a deadline that passes while the response is read breaks it off, and is reported with the group's name", async () => {
    await using server = await serving();
    expect(await server.client.open("/deadline").ended).toBe("broken off");
    await server.child.says('TimeoutError: TaskGroup "GET /deadline" ran out of time after 100 ms');
    await server.allClosed();
    expect(countOf("Cohort: TimeoutError", server.child.stderr)).toBe(1);
  });

  it("RT-6 a group that cancels itself before it has a response is an InvalidStateError for the error handler", async () => {
    await using server = await serving();
    const { status, body } = await server.client.get("/cancels-itself");
    expect([status, body]).toEqual([
      500,
      "InvalidStateError: GET /cancels-itself was cancelled before it had a response",
    ]);
  });
});
