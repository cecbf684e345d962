import type { Writable } from "node:stream";
import type { Scope } from "./cohort.ts";

/** Where the report goes. Whoever reads it may go away (`| head`): then there is nothing left to do, and nothing to complain of. */
export class Output {
  readonly #stream: Writable;
  #closed = false;
  #onClosed: () => void = () => undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // A full disk is worth a word; a reader that has gone is not.
      if (error.code !== "EPIPE" && !this.#closed)
        process.stderr.write(`cohort-crawl: can't write: ${error.message}\n`);
      this.#closed = true;
      this.#onClosed();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  onClosed(callback: () => void): void {
    this.#onClosed = callback;
    if (this.#closed) callback();
  }

  write(text: string): void {
    if (!this.#closed) this.#stream.write(text);
  }

  /** Waits while the reader is slower than we are. */
  async drained(scope: Scope): Promise<void> {
    const stream = this.#stream;
    if (this.#closed || !stream.writableNeedDrain) return;
    let done: () => void = () => undefined;
    const drained = new Promise<void>((resolve) => (done = resolve));
    stream.once("drain", done).once("close", done);
    try {
      await scope.abortable(drained);
    } finally {
      stream.off("drain", done).off("close", done);
    }
  }

  /** Everything written has left, or never will. */
  async flushed(): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => this.#stream.write("", () => resolve()));
  }
}
