/** The part of a ReadableStream that is read here: core names no platform's. */
interface WebStream<T> {
  getReader(): {
    read(): Promise<IteratorResult<T>>;
    cancel(): Promise<void>;
    releaseLock(): void;
  };
}

export function isWebStream(items: unknown): items is WebStream<unknown> {
  return typeof (Object(items) as Partial<WebStream<unknown>>).getReader === "function";
}

/**
 * Reads a web stream by its reader. The stream's own iterator, which Safari lacks, closes only after the read that is
 * pending: on an idle connection never. A reader's cancel() ends that read.
 */
export function readWebStream<T>(stream: WebStream<T>): AsyncIterator<T> {
  const reader = stream.getReader();
  return {
    async next() {
      let isOver = true;
      try {
        const step = await reader.read();
        isOver = step.done === true;
        return step;
      } finally {
        if (isOver) reader.releaseLock();
      }
    },
    async return() {
      try {
        await reader.cancel();
      } finally {
        reader.releaseLock();
      }
      return { value: undefined, done: true };
    },
  };
}
