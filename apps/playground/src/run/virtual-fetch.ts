import { sleep } from "@cohort/browser";
import type { TestClock } from "@cohort/testing";
import { type Answer, answerTo } from "../server/answer.ts";

/**
 * A `fetch` of the page's own server that takes virtual time and needs no server. It rejects with a TypeError for any other,
 * since a real answer comes by a clock of its own; with the signal's reason when that is aborted, as fetch does.
 */
export function virtualFetch(clock: TestClock): typeof fetch {
  return async (input, init) => {
    const url = new URL(
      input instanceof Request ? input.url : input,
      globalThis.location?.href ?? "http://page.invalid/",
    );
    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    const answer = url.origin === new URL("/", globalThis.location?.href ?? url).origin ? answerTo(url) : undefined;
    if (answer === undefined)
      throw new TypeError(`in virtual time there is only the page's own server, under /api/; not ${url.href}`);
    await sleep(answer.after, signal);
    const { status, type } = answer;
    const head = { status, headers: { "content-type": type } };
    const { href } = new URL(url.href.slice(0, url.href.length - url.hash.length));
    return new HeldResponse(bodyOf(answer, signal), head, clock, href);
  };
}

function bodyOf(
  { chunks, every }: Answer,
  signal: AbortSignal | null,
): string | ReadableStream<Uint8Array<ArrayBuffer>> {
  if (chunks.length === 1) return chunks[0] as string;
  const encoder = new TextEncoder();
  let next = 0;
  let stopListening = (): void => {};
  return new ReadableStream(
    {
      start(controller) {
        // What was sent and not yet read goes with it, as it does in a browser.
        const onAbort = (): void => controller.error(signal?.reason);
        signal?.addEventListener("abort", onAbort, { once: true });
        stopListening = () => signal?.removeEventListener("abort", onAbort);
      },
      async pull(controller) {
        try {
          if (next > 0) await sleep(every, signal);
        } catch (error) {
          controller.error(error); // the clock was closed, if it wasn't aborted
          return;
        }
        controller.enqueue(encoder.encode(chunks[next++] as string));
        if (next < chunks.length) return;
        stopListening();
        controller.close();
      },
      cancel: () => stopListening(),
    },
    // The server sends by its own time, whether anybody reads or not.
    { highWaterMark: Infinity },
  );
}

/** Reading a body takes turns of the host, which the clock can't see: a body in one piece is read while time stands still. */
class HeldResponse extends Response {
  private readonly clock: TestClock;
  private readonly isWhole: boolean;

  private readonly href: string;

  constructor(body: BodyInit, init: ResponseInit, clock: TestClock, href: string) {
    super(body, init);
    this.clock = clock;
    this.href = href;
    this.isWhole = typeof body === "string";
  }

  override get url(): string {
    return this.href;
  }

  private async held<T>(read: () => Promise<T>): Promise<T> {
    if (!this.isWhole) return read();
    const release = this.clock.hold();
    try {
      return await read();
    } finally {
      release();
    }
  }

  override text(): Promise<string> {
    return this.held(() => super.text());
  }

  override json(): Promise<any> {
    return this.held(() => super.json());
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.held(() => super.arrayBuffer());
  }

  override blob(): Promise<Blob> {
    return this.held(() => super.blob());
  }

  override bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.held(() => super.bytes());
  }

  override formData(): Promise<FormData> {
    return this.held(() => super.formData());
  }
}
