import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { PassThrough } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  AsyncEvent,
  DisconnectedError,
  ExceptionGroup,
  inspectTasks,
  requestScope,
  taskGroup,
  type TaskGroup,
} from "@cohort/node";

const unhandled = vi.fn();
process.on("unhandledRejection", unhandled);
afterEach(() => {
  expect(unhandled.mock.calls).toEqual([]);
  expect(inspectTasks()).toEqual([]);
});

type Handler = (group: TaskGroup, res: ServerResponse) => unknown;

/** A server whose requests are handled in scopes, and how the scope of its only request ended. */
async function serving(body: Handler, options?: Parameters<typeof requestScope>[3]) {
  const { promise: outcome, resolve } = Promise.withResolvers<unknown>();
  let response: ServerResponse | undefined;
  const server = createServer((req, res) => {
    response = res;
    requestScope(req, res, (group) => body(group, res), options).then(
      () => resolve("resolved"),
      (error: unknown) => {
        if (!res.headersSent) res.writeHead(500).end();
        resolve(error);
      },
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    request: (path = "/thing?token=secret") => get({ host: "127.0.0.1", port, path, agent: false }),
    outcome,
    /** The listeners that are left on the response. */
    listeners: () => ["finish", "close"].map((event) => response?.listenerCount(event)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function read(request: ReturnType<typeof get>): Promise<string> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const chunks: string[] = [];
  for await (const chunk of response.setEncoding("utf8")) chunks.push(String(chunk));
  return `${response.statusCode} ${chunks.join("")}`;
}

describe("RT-3 requestScope()", () => {
  it("RT-3 is a group named by method and path, without the query, that ends with the response", async () => {
    let seen: unknown;
    await using server = await serving((group, res) => {
      seen = [group.path, group.isCancelled()];
      res.end("hello");
    });
    expect(await read(server.request())).toBe("200 hello");
    expect(await server.outcome).toBe("resolved");
    expect(seen).toEqual([["GET /thing"], false]);
  });

  it("RT-3 stays open until a response that somebody else ends has been sent", async () => {
    const event = new AsyncEvent();
    let group: TaskGroup | undefined;
    await using server = await serving((own, res) => {
      group = own;
      res.write("a");
      void event.wait(null).then(() => res.end("b"));
    });
    const request = server.request();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await once(response, "data");
    expect(inspectTasks().map(({ name, state }) => `${name} ${state}`)).toEqual(["GET /thing running"]);
    event.set();
    expect(await server.outcome).toBe("resolved");
    expect(group?.isCancelled()).toBe(false);
  });

  it("RT-3 members may outlive the response, and aren't cancelled by its end", async () => {
    const event = new AsyncEvent();
    let cancelled: unknown;
    await using server = await serving((group, res) => {
      group.createTask(async (task) => {
        await event.wait(task);
        cancelled = task.isCancelled();
      });
      res.end("at once");
    });
    expect(await read(server.request())).toBe("200 at once");
    expect(inspectTasks()).toHaveLength(1);
    event.set();
    expect(await server.outcome).toBe("resolved");
    expect(cancelled).toBe(false);
  });

  it.each([
    ["before there is a response", false],
    ["while the response is written", true],
  ])(
    "RT-3 a client that goes away %s cancels the group by a DisconnectedError, which rejects nothing",
    async (_, writes) => {
      const waiting = Promise.withResolvers<void>();
      const reasons: unknown[] = [];
      await using server = await serving(async (group, res) => {
        group.onCancel((reason) => reasons.push(reason));
        if (writes) res.write("half a page");
        waiting.resolve();
        await group.sleep(2 ** 31);
      });
      const request = server.request().on("error", () => {});
      if (writes) await once(request, "response");
      await waiting.promise;
      request.destroy();
      expect(await server.outcome).toBe("resolved");
      expect(reasons).toEqual([expect.any(DisconnectedError)]);
      expect((reasons[0] as Error).message).toBe("the client of GET /thing went away");
    },
  );

  it.each(["destroy", "resetAndDestroy"] as const)(
    "RT-3 what a pipeline to the response says of a client that goes away (%s) is no failure",
    async (leave) => {
      const reasons: unknown[] = [];
      await using server = await serving(async (group, res) => {
        group.onCancel((reason) => reasons.push(reason));
        const source = new PassThrough();
        source.write("half a page");
        await pipeline(source, res);
      });
      const request = server.request().on("error", () => {});
      const [response] = (await once(request, "response")) as [IncomingMessage];
      response.on("error", () => {});
      await once(response, "data");
      response.socket[leave]();
      expect(await server.outcome).toBe("resolved");
      expect(reasons).toEqual([expect.any(DisconnectedError)]);
    },
  );

  it.each(["the body", "a member"])(
    "RT-3 a stream of %s that hears of a client's leaving before the group does is no failure",
    async (who) => {
      const waiting = Promise.withResolvers<void>();
      const reasons: unknown[] = [];
      await using server = await serving(async (group, res) => {
        group.onCancel((reason) => reasons.push(who === "the body" ? reason : (reason as Error).cause));
        const hears = async (): Promise<void> => {
          // The response isn't closed yet then.
          await new Promise<void>((resolve) => {
            res.req.socket.once("end", resolve);
            waiting.resolve();
          });
          await finished(new PassThrough().destroy());
        };
        if (who === "the body") await hears();
        else await group.createTask(hears);
      });
      const request = server.request().on("error", () => {});
      await waiting.promise;
      request.destroy();
      expect(await server.outcome).toBe("resolved");
      expect(reasons).toEqual([
        who === "the body"
          ? expect.any(DisconnectedError)
          : expect.objectContaining({ code: "ERR_STREAM_PREMATURE_CLOSE" }),
      ]);
    },
  );

  it("RT-3 a stream that breaks off after a client has got its whole answer, and left, is a failure", async () => {
    const left = Promise.withResolvers<void>();
    await using server = await serving((group, res) => {
      res.req.socket.once("close", left.resolve);
      group.createTask(async () => {
        await left.promise;
        await finished(new PassThrough().destroy());
      });
      res.end("all of it");
    });
    const client = connect({ port: server.port, host: "127.0.0.1" });
    client.write("GET / HTTP/1.1\r\nhost: test\r\n\r\n");
    for await (const chunk of client.setEncoding("utf8")) if (String(chunk).endsWith("all of it")) client.end();
    expect(await server.outcome).toMatchObject({ errors: [{ code: "ERR_STREAM_PREMATURE_CLOSE" }] });
  });

  it("RT-3 a client that says no more, where connections may be half open, hasn't left", async () => {
    const { promise: outcome, resolve } = Promise.withResolvers<unknown>();
    const server = createServer((req, res) => {
      const body = async (): Promise<void> => {
        await once(req.socket, "end");
        await finished(new PassThrough().destroy());
      };
      requestScope(req, res, body).catch((error: unknown) => {
        res.writeHead(500).end();
        resolve(error);
      });
    });
    Object.assign(server, { httpAllowHalfOpen: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
    client.end("GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    let answer = "";
    for await (const chunk of client.setEncoding("utf8")) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1.1 500 /);
    expect(await outcome).toMatchObject({ errors: [{ code: "ERR_STREAM_PREMATURE_CLOSE" }] });
    await new Promise((closed) => server.close(closed));
  });

  it.each([
    ["without an error", undefined, "ERR_STREAM_PREMATURE_CLOSE"],
    [
      "as its own connection is reset",
      Object.assign(new Error("read"), { code: "ECONNRESET", syscall: "read" }),
      "ECONNRESET",
    ],
  ])("RT-3 a source that breaks off by itself, %s, is a failure, and no client has left", async (_, error, code) => {
    const source = new PassThrough();
    await using server = await serving(async (_group, res) => {
      source.write("half a page");
      await pipeline(source, res);
    });
    const [response] = (await once(server.request(), "response")) as [IncomingMessage];
    response.on("error", () => {});
    await once(response, "data");
    source.destroy(error);
    expect(await server.outcome).toMatchObject({ errors: [{ code }] });
  });

  it("RT-3 a failure in the drain after a client has gone is not lost", async () => {
    const waiting = Promise.withResolvers<void>();
    await using server = await serving(async (group) => {
      waiting.resolve();
      await group.sleep(2 ** 31).catch(() => {
        throw new RangeError("rollback failed");
      });
    });
    const request = server.request().on("error", () => {});
    await waiting.promise;
    request.destroy();
    expect(await server.outcome).toMatchObject({
      errors: [{ message: "rollback failed" }],
      cause: expect.any(DisconnectedError),
    });
  });

  it("RT-3 a member's failure before anything was sent rejects, and leaves the response to the caller", async () => {
    await using server = await serving((group) => {
      group.createTask(() => Promise.reject(new RangeError("no luck")), { name: "culprit" });
    });
    expect(await read(server.request())).toBe("500 ");
    const error = await server.outcome;
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).failures[0]?.task?.path).toEqual(["GET /thing", "culprit"]);
  });

  it("RT-3 a member's failure while the response is written breaks it off", async () => {
    const event = new AsyncEvent();
    await using server = await serving((group, res) => {
      res.write("half a page");
      group.createTask(async (task) => {
        await event.wait(task);
        throw new RangeError("no luck");
      });
    });
    const [response] = (await once(server.request(), "response")) as [IncomingMessage];
    const closed = new Promise((resolve) =>
      response
        .on("error", () => {})
        .on("close", resolve)
        .resume(),
    );
    event.set();
    await closed;
    expect(response.complete).toBe(false);
    expect(await server.outcome).toMatchObject({ errors: [{ message: "no luck" }] });
  });

  it("RT-3 is cancelled with its parent, whose reason comes out", async () => {
    const waiting = Promise.withResolvers<void>();
    const outcome = taskGroup({ name: "server" }, async (parent) => {
      await using server = await serving(
        async (group) => {
          waiting.resolve();
          await group.sleep(2 ** 31);
        },
        { parent },
      );
      const answer = read(server.request());
      await waiting.promise;
      parent.cancel("shutting down");
      expect(await server.outcome).toMatchObject({ name: "AbortError", cause: "shutting down" });
      expect(await answer).toBe("500 ");
      return "drained";
    });
    expect(await outcome).toBe("drained");
  });

  it("CA-9 leaves no listener on the response", async () => {
    await using server = await serving((_, res) => res.end("hello"));
    let during: unknown;
    const plain = createServer((_, res) => {
      during = ["finish", "close"].map((event) => res.listenerCount(event));
      res.end();
    }).listen(0, "127.0.0.1");
    await once(plain, "listening");
    await read(get({ host: "127.0.0.1", port: (plain.address() as AddressInfo).port, agent: false }));
    plain.close();
    await read(server.request());
    await server.outcome;
    // Node takes its own back as the response ends: none of ours is among what is left.
    for (const [i, count] of server.listeners().entries()) {
      expect(count).toBeLessThanOrEqual((during as number[])[i] as number);
    }
  });
});
