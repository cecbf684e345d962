/** What keeps an invocation alive: a Worker's `ExecutionContext`, or the state of a Durable Object. */
export interface KeepsAlive {
  waitUntil(promise: Promise<unknown>): void;
}

/** Keeps the invocation alive until what is returned is called. */
export function keepAlive(by: KeepsAlive): () => void {
  let done: () => void = () => {};
  by.waitUntil(new Promise<void>((resolve) => (done = resolve)));
  return done;
}
