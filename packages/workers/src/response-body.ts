/** How the sending of a body ended. */
export type BodyEnd =
  | { readonly status: "read" }
  /** The client went away. */
  | { readonly status: "abandoned"; readonly reason: unknown }
  /** What was to be sent couldn't be read. */
  | { readonly status: "failed"; readonly error: unknown }
  /** By us. */
  | { readonly status: "aborted" };

/** A response whose body says when it has been read to its end, or abandoned. */
export class SentBody {
  readonly response: Response;
  readonly ended: Promise<BodyEnd>;
  private settle: (end: BodyEnd) => void = () => {};
  private end: BodyEnd | undefined;
  private readonly reader: ReadableStreamDefaultReader<unknown>;
  private readonly writer: WritableStreamDefaultWriter<unknown>;

  constructor(response: Response & { readonly body: ReadableStream }) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    const { readable, writable } = passage(response.headers);
    this.reader = response.body.getReader();
    this.writer = writable.getWriter();
    this.response = new Response(readable, response);
    // Also while the source has nothing to give.
    this.writer.closed.catch((reason: unknown) => this.finish({ status: "abandoned", reason }, reason));
    void this.send();
  }

  /** Breaks the body off: its source is cancelled, and the client sees that it isn't whole. */
  abort(reason: unknown): void {
    this.finish({ status: "aborted" }, reason);
  }

  private finish(end: BodyEnd, reason?: unknown): void {
    if (this.end !== undefined) return;
    this.end = end;
    const ignore = (): void => {};
    if (end.status === "abandoned" || end.status === "aborted") this.reader.cancel(reason).catch(ignore);
    if (end.status === "failed" || end.status === "aborted") this.writer.abort(reason).catch(ignore);
    this.settle(end);
  }

  private async send(): Promise<void> {
    for (;;) {
      let value: unknown;
      try {
        const next = await this.reader.read();
        if (this.end !== undefined) return;
        if (next.done) break;
        value = next.value;
        if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) {
          throw new TypeError(`the body of a response must give bytes, not ${typeof value}`);
        }
      } catch (error) {
        this.finish({ status: "failed", error }, error);
        return;
      }
      // What is written is awaited: a client that reads slowly slows its source down. A failure shows at `closed`.
      try {
        await this.writer.write(value);
      } catch (reason) {
        this.finish({ status: "abandoned", reason }, reason);
        return;
      }
    }
    try {
      await this.writer.close();
      this.finish({ status: "read" });
    } catch (reason) {
      this.finish({ status: "abandoned", reason }, reason);
    }
  }
}

/**
 * What goes between the source and the client. Not a ReadableStream with a `cancel`: workerd doesn't call it when the
 * client goes away, but it breaks the writing side of its own streams.
 */
function passage(headers: Headers): { readonly readable: ReadableStream; readonly writable: WritableStream } {
  // Elsewhere than in workerd, such as in a test on Node, they aren't there.
  const host = globalThis as {
    readonly FixedLengthStream?: typeof FixedLengthStream;
    readonly IdentityTransformStream?: typeof IdentityTransformStream;
  };
  const length = headers.get("content-length");
  // The length of an encoded body is that of its encoding, and what is read here is decoded.
  if (length !== null && /^\d+$/.test(length) && !headers.has("content-encoding") && host.FixedLengthStream) {
    return new host.FixedLengthStream(Number(length));
  }
  return host.IdentityTransformStream ? new host.IdentityTransformStream() : new TransformStream();
}
