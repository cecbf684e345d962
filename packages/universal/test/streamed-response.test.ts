import { describe, expect, it } from "vitest";
import { type BodyEnd, streamedResponse } from "@cohort/universal/streamed-response";
import { wholeResponse } from "@cohort/universal/whole-response";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const boom = new Error("boom");

/** A stream of chunks that counts how often it was asked for one. */
function counted(...chunks: readonly string[]) {
  const left = [...chunks];
  const seen = { pulls: 0, cancelled: [] as unknown[] };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        seen.pulls++;
        const chunk = left.shift();
        if (chunk === undefined) controller.close();
        else controller.enqueue(bytes(chunk));
      },
      cancel: (reason) => void seen.cancelled.push(reason),
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

describe("streamedResponse()", () => {
  it("tells once that a body has been read to its end, and keeps status and headers", async () => {
    const ends: BodyEnd[] = [];
    const original = new Response(counted("a", "b").stream, { status: 201, statusText: "Made", headers: { own: "1" } });
    const { response } = streamedResponse(original, (end) => ends.push(end));
    expect(ends).toEqual([]);
    expect([response.status, response.statusText, response.headers.get("own")]).toEqual([201, "Made", "1"]);
    expect(await response.text()).toBe("ab");
    expect(ends).toEqual([{ how: "read" }]);
  });

  it("reads nothing ahead of its reader", async () => {
    const { stream, seen } = counted("a", "b", "c");
    const reader = streamedResponse(new Response(stream), () => {}).response.body?.getReader();
    expect(seen.pulls).toBe(0);
    await reader?.read();
    expect(seen.pulls).toBe(1);
  });

  it("tells that a body was abandoned, and cancels its source with the same reason", async () => {
    const ends: BodyEnd[] = [];
    const { stream, seen } = counted("a", "b");
    const { response } = streamedResponse(new Response(stream), (end) => ends.push(end));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel(boom);
    expect([ends, seen.cancelled]).toEqual([[{ how: "abandoned", reason: boom }], [boom]]);
  });

  it("tells that a source has failed, also with undefined, and passes that on", async () => {
    for (const error of [boom, undefined]) {
      const ends: BodyEnd[] = [];
      const stream = new ReadableStream({ pull: () => Promise.reject(error) }, { highWaterMark: 0 });
      const { response } = streamedResponse(new Response(stream), (end) => ends.push(end));
      const thrown = await response.text().then(
        () => "nothing",
        (caught: unknown) => caught,
      );
      expect([thrown, ends]).toEqual([error, [{ how: "failed", error }]]);
    }
  });

  it("fail() breaks the body off, cancels its source, and counts once", async () => {
    const ends: BodyEnd[] = [];
    const { stream, seen } = counted("a", "b");
    const { response, fail } = streamedResponse(new Response(stream), (end) => ends.push(end));
    const reader = response.body?.getReader();
    await reader?.read();
    fail(boom);
    fail(new Error("later"));
    await expect(reader?.read()).rejects.toBe(boom);
    expect([ends, seen.cancelled]).toEqual([[{ how: "failed", error: boom }], [boom]]);
  });

  it("sends a response without a body as it is, and counts it as read", () => {
    const ends: BodyEnd[] = [];
    const original = new Response(null, { status: 204 });
    expect(streamedResponse(original, (end) => ends.push(end)).response).toBe(original);
    expect(ends).toEqual([{ how: "read" }]);
  });
});

describe("wholeResponse()", () => {
  it.each([
    ["a string", () => new Response("hello"), "hello"],
    ["an empty string", () => new Response(""), ""],
    ["bytes", () => new Response(bytes("hello")), "hello"],
    ["JSON", () => Response.json({ a: 1 }, { status: 201 }), '{"a":1}'],
  ])("makes one piece of %s, with its status and headers", async (_, make, text) => {
    const peeked = await wholeResponse(make());
    if (!("whole" in peeked)) return expect.fail("it should be whole");
    expect([peeked.whole.status, peeked.whole.headers.get("content-type")]).toEqual([
      make().status,
      make().headers.get("content-type"),
    ]);
    expect(await peeked.whole.text()).toBe(text);
  });

  it("gives a stream that waits from its beginning, and its errors to whoever reads it", async () => {
    let pulls = 0;
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve));
        if (++pulls === 3) throw boom;
        controller.enqueue(bytes(`${pulls}`));
      },
    });
    const original = new Response(stream);
    const peeked = await wholeResponse(original);
    if (!("taken" in peeked)) return expect.fail("it should be a stream");
    const ends: BodyEnd[] = [];
    const reader = streamedResponse(original, (end) => ends.push(end), peeked.taken).response.body?.getReader();
    const read = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
    expect([await read(), await read()]).toEqual(["1", "2"]);
    await expect(reader?.read()).rejects.toBe(boom);
    expect(ends).toEqual([{ how: "failed", error: boom }]);
  });
});
