/** How the reading of a response's body came to its end. */
export type BodyEnd =
  | { readonly how: "read" }
  | { readonly how: "abandoned"; readonly reason: unknown }
  | { readonly how: "failed"; readonly error: unknown };

/** A response whose body is watched. */
export interface StreamedResponse {
  /** What is to be sent: the status and the headers of the original, and its body. */
  readonly response: Response;
  /** Ends a body that is still being read with an error: its reader gets it, and its source is cancelled with it. */
  fail(this: void, error: unknown): void;
  /** Gives a body up whose reader has gone: its source is cancelled, and nobody is told of an error. */
  giveUp(this: void, reason: unknown): void;
}

/** As much of a stream's reader as is needed. */
export type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, "read" | "cancel">;

/** A response taken apart: what it says before its body, and the body's reader, if it has a body. */
export interface TakenResponse {
  readonly head: ResponseInit;
  readonly reader: BodyReader | undefined;
}

/** Takes a response apart whose body hasn't been read. */
export function takeResponse(response: Response): TakenResponse {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  return { head: { status, statusText, headers }, reader: response.body?.getReader() };
}

/**
 * Watches the body of a response, which must not have been read yet: `onEnd` is called once, when the body has been read to
 * its end, when its reader has given it up (as a server does for a client that goes away), or when its source has failed.
 * Nothing is read ahead of its reader. A response without a body counts as read at once, and is sent as it is.
 *
 * `taken` is the same response, if it has been taken apart already.
 */
export function streamedResponse(
  original: Response,
  onEnd: (end: BodyEnd) => void,
  taken: TakenResponse = takeResponse(original),
): StreamedResponse {
  const { head, reader } = taken;
  if (reader === undefined) {
    onEnd({ how: "read" });
    return { response: original, fail() {}, giveUp() {} };
  }
  let hasEnded = false;
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  const end = (how: BodyEnd): void => {
    hasEnded = true;
    onEnd(how);
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(own) {
        controller = own;
      },
      async pull() {
        try {
          const { done, value } = await reader.read();
          // Whoever gave the body up, or failed it, in the meantime has ended it.
          if (hasEnded) return;
          if (!done) return controller.enqueue(value);
          controller.close();
          end({ how: "read" });
        } catch (error) {
          if (hasEnded) return;
          controller.error(error);
          end({ how: "failed", error });
        }
      },
      async cancel(reason) {
        if (!hasEnded) end({ how: "abandoned", reason });
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return {
    response: new Response(body, head),
    fail(error) {
      if (hasEnded) return;
      controller.error(error);
      end({ how: "failed", error });
      // What the source says to that is nobody's any more: the reader has been told the first error.
      reader.cancel(error).catch(() => {});
    },
    giveUp(reason) {
      if (hasEnded) return;
      // Not by an error: Deno prints one that nobody reads.
      controller.close();
      end({ how: "abandoned", reason });
      reader.cancel(reason).catch(() => {});
    },
  };
}
