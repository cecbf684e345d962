import type { BodyReader } from "./taken-body.ts";

/** How the sending of a body ended. */
export type BodyEnd =
  | { readonly status: "read" }
  /** The client went away. */
  | { readonly status: "abandoned"; readonly reason: unknown }
  /** What was to be sent couldn't be read, or isn't what the headers say. */
  | { readonly status: "failed"; readonly error: unknown }
  /** By us. */
  | { readonly status: "aborted" };

/** A response whose body says when it has been read to its end, or abandoned. */
export class SentBody {
  readonly response: Response;
  readonly ended: Promise<BodyEnd>;
  private settle: (end: BodyEnd) => void = () => {};
  private end: BodyEnd | undefined;
  private readonly reader: BodyReader;
  private readonly length: number | undefined;
  private readonly writer: WritableStreamDefaultWriter<unknown>;

  /** Sends what `reader` gives, under the status and the headers of the response. `length` is how many bytes they promise. */
  constructor(response: Response, reader: BodyReader, length: number | undefined) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    const { readable, writable } = passage(length);
    this.reader = reader;
    this.length = length;
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
    if (end.status !== "read") this.reader.cancel(reason).catch(ignore);
    if (end.status === "failed" || end.status === "aborted") this.writer.abort(reason).catch(ignore);
    this.settle(end);
  }

  private async send(): Promise<void> {
    for (let bytes = 0; ;) {
      let value: Uint8Array | undefined;
      try {
        ({ value } = await this.reader.read());
        if (this.end !== undefined) return;
        bytes += value?.byteLength ?? 0;
        this.checkLength(bytes, value === undefined);
      } catch (error) {
        this.finish({ status: "failed", error }, error);
        return;
      }
      // What is written is awaited: a client that reads slowly slows its source down.
      try {
        if (value !== undefined) {
          await this.writer.write(value);
          continue;
        }
        await this.writer.close();
        this.finish({ status: "read" });
      } catch (reason) {
        this.finish({ status: "abandoned", reason }, reason);
      }
      return;
    }
  }

  /** Before the platform sees it: its complaint about a length can't be told from a client that has gone. */
  private checkLength(bytes: number, isAll: boolean): void {
    if (this.length === undefined || (isAll ? bytes === this.length : bytes <= this.length)) return;
    const text = `the body has ${isAll ? "only" : "more than"} ${isAll ? bytes : this.length} bytes`;
    throw new RangeError(`${text}, and a Content-Length of ${this.length}: leave that header out, or make it true`);
  }
}

/**
 * What goes between the source and the client. Not a ReadableStream with a `cancel`: workerd doesn't call it when the
 * client goes away, but it breaks the writing side of its own streams.
 */
function passage(length: number | undefined): { readonly readable: ReadableStream; readonly writable: WritableStream } {
  // Elsewhere than in workerd, such as in a test on Node, they aren't there.
  const host = globalThis as {
    readonly FixedLengthStream?: typeof FixedLengthStream;
    readonly IdentityTransformStream?: typeof IdentityTransformStream;
  };
  if (length !== undefined && host.FixedLengthStream) return new host.FixedLengthStream(length);
  return host.IdentityTransformStream ? new host.IdentityTransformStream() : new TransformStream();
}
