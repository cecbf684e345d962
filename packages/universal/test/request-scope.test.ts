import { AsyncEvent, DisconnectedError, runtime, sleep, type TaskGroup, TimeoutError } from "@cohort/universal";
import { bindRequestScope, type RequestHost, type RequestScopeFn } from "@cohort/universal/request-scope";
import { afterEach, describe, expect, it, vi } from "vitest";

const unhandled = vi.fn();
process.on("unhandledRejection", unhandled);
const reported: unknown[] = [];
afterEach(() => {
  expect(unhandled.mock.calls).toEqual([]);
  reported.length = 0;
});

/** A server's part, with what it was told of. */
const serve = (host: Partial<RequestHost> = {}) =>
  bindRequestScope(runtime, { reportError: (error) => void reported.push(error), ...host });
const requestScope = serve();

/** A request whose client can leave. */
function request(init?: RequestInit) {
  const client = new AbortController();
  return {
    own: new Request("http://127.0.0.1/thing", { ...init, signal: client.signal }),
    leave: () => client.abort(new Error("hung up")),
  };
}

/** A body that gives one chunk and never comes to its end, and what it was cancelled with. */
function source() {
  const seen: { cancelled: unknown[] } = { cancelled: [] };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new Uint8Array([1])),
    pull: () => new Promise<void>(() => {}),
    cancel: (reason) => void seen.cancelled.push(reason),
  });
  return { stream, seen };
}

/** Resolves when the group has ended, whatever its outcome. */
function ending() {
  const ended = new AsyncEvent();
  return {
    watch: (group: TaskGroup) => group.defer(() => ended.set()),
    // The outcome comes some turns after the cleanups.
    over: async () => {
      await ended.wait(null);
      await sleep(0);
    },
  };
}

describe("requestScope(): a body that is being read", () => {
  it("TO-2 a deadline that passes breaks it off, and is reported as a TimeoutError that names the group", async () => {
    const { watch, over } = ending();
    const { stream, seen } = source();
    const response = await requestScope(
      request().own,
      (group) => {
        watch(group);
        return new Response(stream);
      },
      { timeout: 20 },
    );
    await expect(response.text()).rejects.toMatchObject({ name: "AbortError" });
    await over();
    expect(reported).toEqual([expect.any(TimeoutError)]);
    expect((reported[0] as Error).message).toMatch(/^TaskGroup "GET \/thing" ran out of time after 20 ms/);
    expect(seen.cancelled).toHaveLength(1);
  });

  it("RT-6 a client that leaves it is no failure, also with a deadline", async () => {
    const { watch, over } = ending();
    const response = await requestScope(
      request().own,
      (group) => {
        watch(group);
        return new Response(source().stream);
      },
      { timeout: 60_000 },
    );
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel("gone");
    await over();
    expect(reported).toEqual([]);
  });

  it("CA-6 a group that cancels itself breaks it off, and that is no failure", async () => {
    const { watch, over } = ending();
    let own: TaskGroup | undefined;
    const response = await requestScope(request().own, (group) => {
      watch(group);
      own = group;
      return new Response(source().stream);
    });
    own?.cancel("enough");
    await expect(response.text()).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    await over();
    expect(reported).toEqual([]);
  });

  it("FF-1 a member that fails breaks it off, and is reported once, without the broken body", async () => {
    const { watch, over } = ending();
    const response = await requestScope(request().own, (group) => {
      watch(group);
      group.createTask(() => Promise.reject(new RangeError("no luck")));
      return new Response(source().stream);
    });
    await expect(response.text()).rejects.toMatchObject({ name: "AbortError" });
    await over();
    expect(reported).toMatchObject([{ errors: [{ message: "no luck" }] }]);
  });
});

describe("requestScope(): a response that isn't sent", () => {
  it("RT-6 made after its client left, it is cancelled with the DisconnectedError", async () => {
    const { stream, seen } = source();
    const { own, leave } = request();
    const asked = new AsyncEvent();
    const made = new AsyncEvent();
    const answer = requestScope(own, async () => {
      asked.set();
      await made.wait(null);
      return new Response(stream);
    });
    await asked.wait(null);
    leave();
    made.set();
    expect((await answer).status).toBe(499);
    expect(seen.cancelled).toEqual([expect.any(DisconnectedError)]);
    expect(reported).toEqual([]);
  });

  it("RT-6 made after its client left, it is cancelled though a member waits for its body to be read", async () => {
    const { own, leave } = request();
    const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
    const asked = new AsyncEvent();
    const answer = requestScope(own, async (group) => {
      group.createTask(async () => {
        const writer = writable.getWriter();
        // Nobody can cancel a write.
        for (;;) await writer.write(new Uint8Array([1])).catch(() => Promise.reject(group.reason));
      });
      asked.set();
      await group.sleep(2 ** 31).catch(() => {});
      return new Response(readable);
    });
    await asked.wait(null);
    leave();
    expect((await answer).status).toBe(499);
    expect(reported).toEqual([]);
  });

  it("RT-6 of a group that failed, it is cancelled with what comes out", async () => {
    const { stream, seen } = source();
    const boom = new RangeError("no luck");
    const answer = requestScope(request().own, async (group) => {
      await group.createTask(() => Promise.reject(boom)).catch(() => {});
      return new Response(stream);
    });
    const error = await answer.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ errors: [boom] });
    expect(seen.cancelled).toEqual([error]);
  });

  it("TO-2 of a group whose deadline passed before, it is cancelled with the TimeoutError", async () => {
    const { stream, seen } = source();
    const answer = requestScope(
      request().own,
      async (group) => {
        await group.createTask(({ sleep: nap }) => nap(2 ** 31)).catch(() => {});
        return new Response(stream);
      },
      { timeout: 10 },
    );
    const error = await answer.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(seen.cancelled).toEqual([error]);
  });

  it("TO-3 of a group whose deadline passed and cut nothing short, it is sent", async () => {
    const answer = requestScope(
      request().own,
      async (group) => {
        await group.sleep(2 ** 31).catch(() => {});
        return new Response("late");
      },
      { timeout: 10 },
    );
    expect(await (await answer).text()).toBe("late");
  });

  it("RT-6 that can't be sent, since making it ready fails, it is cancelled", async () => {
    const { stream, seen } = source();
    const boom = new Error("boom");
    const answer = serve({ prepare: () => Promise.reject(boom) })(request().own, () => new Response(stream));
    const error = await answer.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ errors: [boom] });
    expect(seen.cancelled).toEqual([error]);
  });

  it("RT-6 one that somebody reads already is a failure of the request, and left to its reader", async () => {
    const { stream, seen } = source();
    const response = new Response(stream);
    const reader = response.body?.getReader();
    const answer = requestScope(request().own, () => response);
    expect(await answer.catch((thrown: unknown) => thrown)).toMatchObject({ errors: [expect.any(TypeError)] });
    expect(seen.cancelled).toEqual([]);
    expect((await reader?.read())?.done).toBe(false);
  });

  it("CA-8 made after its group was given up, it is cancelled", async () => {
    const { stream, seen } = source();
    const made = new AsyncEvent();
    const answer = requestScope(
      request().own,
      async () => {
        await made.wait(null);
        return new Response(stream);
      },
      { timeout: 5, grace: 1, abandonAfter: 5 },
    );
    expect(await answer.catch((thrown: unknown) => thrown)).toMatchObject({ name: "AbandonedError" });
    made.set();
    await vi.waitUntil(() => seen.cancelled.length > 0);
  });
});

describe("requestScope(): HEAD", () => {
  it("RT-6 a server that gives the body of its answer up is no client that left", async () => {
    const { watch, over } = ending();
    let own: TaskGroup | undefined;
    const response = await requestScope(request({ method: "HEAD" }).own, (group) => {
      watch(group);
      own = group;
      return new Response(source().stream);
    });
    await response.body?.cancel();
    await over();
    expect([own?.isCancelled(), reported]).toEqual([false, []]);
  });
});

describe("requestScope(): no response", () => {
  const upgrading = serve({ allowsUndefined: true });

  it("RT-6 where the host takes none, undefined comes out at once, and the group stays open for its members", async () => {
    const { watch, over } = ending();
    const { own, leave } = request();
    const released = new AsyncEvent();
    let group: TaskGroup | undefined;
    const answer = await upgrading(own, (scope) => {
      watch(scope);
      group = scope;
      scope.createTask((task) => released.wait(task));
      return undefined;
    });
    expect(answer).toBeUndefined();
    expect(group?.size).toBe(1);
    // What was a request is something else now.
    leave();
    released.set();
    await over();
    expect([group?.isCancelled(), reported]).toEqual([false, []]);
  });

  it("RT-6 a client that left before gives a 499 there too", async () => {
    const { own, leave } = request();
    const answer = await upgrading(own, (group) => {
      leave();
      return group.isCancelled() ? undefined : new Response("never");
    });
    expect(answer?.status).toBe(499);
  });

  it("RT-6 a group that cancels itself gives what its body gives: nothing", async () => {
    const answer = await upgrading(request().own, (group) => {
      group.cancel();
      return undefined;
    });
    expect(answer).toBeUndefined();
  });

  it("RT-6 where the host takes none, it is a failure of the request", async () => {
    const plain: RequestScopeFn = requestScope;
    // @ts-expect-error the type says so, too
    const answer = plain(request().own, () => undefined);
    await expect(answer).rejects.toMatchObject({ errors: [{ message: "GET /thing was answered with no Response" }] });
  });
});
