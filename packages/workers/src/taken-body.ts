import { sleep } from "./functions.ts";

/** As much of a stream's reader as is needed. */
export type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;

export type ResponseWithBody = Response & { readonly body: ReadableStream };

/** The body of a response, taken out of it: the whole of it, or what reads it from its beginning. */
export type TakenBody = { readonly whole: Uint8Array } | { readonly reader: BodyReader; readonly length?: number };

/** More of a body is not looked for at once. */
const MOST = 262_144;

/**
 * Takes the body of a response. What is there within a turn of the event loop, as a string is, or JSON, is taken as a
 * whole: the platform then sends it with its length. Of a stream nobody can tell the length, and a `Content-Length` may be
 * stale: `HTMLRewriter` leaves it as it was, and `new Response(changed, upstream)` has that of the upstream. It is believed
 * of a response only that is as `fetch` gave it.
 *
 * Rejects with what the body fails with meanwhile, and for one that is read or locked already.
 */
export async function takeBody(response: ResponseWithBody): Promise<TakenBody> {
  const length = lengthOf(response);
  const reader = bytesOf(response.body.getReader());
  const chunks: Uint8Array[] = [];
  const turn = sleep(0);
  for (let bytes = 0; bytes <= MOST;) {
    const reading = reader.read();
    const next = await Promise.race([reading, turn]);
    if (next === undefined) return { reader: replaying(chunks, reading, reader), ...length };
    if (next.done) return { whole: joined(chunks, bytes) };
    chunks.push(next.value);
    bytes += next.value.byteLength;
  }
  return { reader: replaying(chunks, undefined, reader), ...length };
}

function lengthOf({ headers, url }: Response): { readonly length?: number } {
  const length = headers.get("content-length");
  // Whoever makes a Response gives it no URL. The length of an encoded body is that of its encoding, and what is read here
  // is decoded.
  if (length === null || !/^\d+$/.test(length) || headers.has("content-encoding") || url === "") return {};
  return { length: Number(length) };
}

/** A response's body has to be bytes, whatever its stream gives. */
function bytesOf(reader: ReadableStreamDefaultReader<unknown>): BodyReader {
  return {
    async read() {
      const { done, value } = await reader.read();
      if (done) return { done, value: undefined };
      if (value instanceof Uint8Array) return { done, value };
      if (value instanceof ArrayBuffer) return { done, value: new Uint8Array(value) };
      if (ArrayBuffer.isView(value)) {
        return { done, value: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) };
      }
      const error = new TypeError(`the body of a response must give bytes, not ${typeof value}`);
      reader.cancel(error).catch(() => {}); // who reads is told
      throw error;
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

/** Gives first what was read already. */
function replaying(
  chunks: readonly Uint8Array[],
  reading: ReturnType<BodyReader["read"]> | undefined,
  reader: BodyReader,
): BodyReader {
  const read = chunks.map((value): ReturnType<BodyReader["read"]> => Promise.resolve({ done: false, value }));
  if (reading !== undefined) read.push(reading);
  return { read: () => read.shift() ?? reader.read(), cancel: (reason) => reader.cancel(reason) };
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
