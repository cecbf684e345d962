class Waiting {
  readonly callbacks: Set<() => void> = new Set();
  readonly listener = (): void => {
    for (const callback of [...this.callbacks]) callback();
  };
}

const waitingFor = new WeakMap<AbortSignal, Waiting>();

/** Calls back when the signal is aborted, until the result is called: one listener, however many wait for it (CA-9). */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let waiting = waitingFor.get(signal);
  if (waiting === undefined) waitingFor.set(signal, (waiting = new Waiting()));
  const { callbacks, listener } = waiting;
  if (callbacks.size === 0) signal.addEventListener("abort", listener);
  callbacks.add(callback);
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) signal.removeEventListener("abort", listener);
  };
}
