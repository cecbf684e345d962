import { type BodyReader, takeResponse, type TakenResponse } from "./streamed-response.ts";

/** A response in one piece, or the parts of one that comes in more. */
export type Peeked = { readonly whole: Response } | { readonly taken: TakenResponse };

/** Turns of the microtask queue in which the stream of a string, of bytes or of a blob was seen to give all it has. */
const TURNS = 10;

/**
 * Makes a response of one piece again from one whose body is there already: a string, bytes, JSON. A host knows the length
 * of such a body and sends it with a `content-length`; once it is a stream, it does not. No response says what it was made
 * from, so the body is asked: is it at its end after one chunk, without waiting for anything?
 */
export async function wholeResponse(original: Response): Promise<Peeked> {
  const { head, reader } = takeResponse(original);
  if (reader === undefined) return { whole: original };
  const peeked = await peek(reader);
  if ("chunk" in peeked) return { whole: new Response(peeked.chunk ?? new Uint8Array(), head) };
  return { taken: { head, reader: peeked.reader } };
}

/** The only chunk of a body that is there as a whole, undefined if it's empty; or a reader that begins at its beginning. */
export async function peek(
  reader: BodyReader,
): Promise<{ readonly chunk: Uint8Array<ArrayBuffer> | undefined } | { readonly reader: BodyReader }> {
  const first = reader.read();
  const next = first.then(async (read) => (read.done ? read : await reader.read()));
  let isWhole = false;
  next.then(
    ({ done }) => (isWhole = done),
    () => {}, // whoever reads the body is told
  );
  for (let turn = 0; turn < TURNS && !isWhole; turn++) await Promise.resolve();
  if (isWhole) return { chunk: (await first).value };
  const queue = [first, next];
  return { reader: { read: () => queue.shift() ?? reader.read(), cancel: (reason) => reader.cancel(reason) } };
}
