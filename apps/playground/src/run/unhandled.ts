import { errorLine } from "../recording/error-node.ts";

export interface UnhandledErrors {
  /** Resolves when the host has told of all that has been rejected so far. */
  told(): Promise<void>;
  /** Lets the host deal with them again. */
  stop(): void;
}

// Taken when this is loaded: under virtual time the global counts on another clock.
const { setTimeout, clearTimeout } = globalThis;
/** Ms to wait for a host that doesn't tell. */
const PATIENCE = 200;

/**
 * Prints what reaches the worker's own handlers: rejections that nobody handled, and what was reported because no block
 * could throw it. Does nothing where there are no such events.
 */
export function printUnhandled(print: (text: string) => void): UnhandledErrors {
  if (typeof globalThis.addEventListener !== "function") return { told: () => Promise.resolve(), stop() {} };
  const markers = new Map<unknown, () => void>();
  const rejected = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    const marked = markers.get(event.reason);
    if (marked === undefined) print(`unhandled rejection: ${errorLine(event.reason)}`);
    else marked();
  };
  const failed = (event: ErrorEvent): void => {
    event.preventDefault();
    print(`reported: ${event.error == null ? event.message : errorLine(event.error)}`);
  };
  globalThis.addEventListener("unhandledrejection", rejected);
  globalThis.addEventListener("error", failed);
  return {
    // The host tells of rejections some time later, in order: when it tells of one of ours, it has told of all before.
    told: () =>
      new Promise((resolve) => {
        const marker = {};
        const timer = setTimeout(resolve, PATIENCE);
        markers.set(marker, () => {
          clearTimeout(timer);
          markers.delete(marker);
          resolve();
        });
        void Promise.reject(marker);
      }),
    stop() {
      globalThis.removeEventListener("unhandledrejection", rejected);
      globalThis.removeEventListener("error", failed);
    },
  };
}
