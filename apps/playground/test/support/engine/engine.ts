// What the tests of the engine drive from outside: one run at a time, and what it has told so far.
import type { RunEvent } from "../../../src/recording/event.ts";
import { hasPageServer } from "../../../src/run/page-server.ts";
import { type Mode, type RunEnd, runProgram } from "../../../src/run/run-program.ts";

const events: RunEvent[] = [];
let stop = new AbortController();
let kill = new AbortController();
let ended: Promise<RunEnd> | undefined;
let batches = 0;
let listeners = 0;

const engine = {
  events,
  hasPageServer,
  start(source: string, mode: Mode): void {
    events.length = 0;
    batches = 0;
    listeners = 0;
    stop = new AbortController();
    kill = new AbortController();
    const onEvents = (more: readonly RunEvent[]): void => {
      batches++;
      events.push(...more);
    };
    ended = runProgram(source, { mode, signal: counted(stop), kill: counted(kill), onEvents });
    ended.catch(() => {});
  },
  cancel: () => stop.abort(),
  kill: () => kill.abort(),
  ended: () => ended,
  batches: () => batches,
  /** Listeners on the signals that were handed in, which the run hasn't removed. */
  listeners: () => listeners,
};

class CountedSignal {
  private readonly signal: AbortSignal;
  private readonly known = new Set<unknown>();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  get aborted(): boolean {
    return this.signal.aborted;
  }

  addEventListener(type: "abort", listener: () => void, options: AddEventListenerOptions): void {
    if (!this.known.has(listener)) listeners++;
    this.known.add(listener);
    this.signal.addEventListener(type, listener, options);
  }

  removeEventListener(type: "abort", listener: () => void): void {
    if (this.known.delete(listener)) listeners--;
    this.signal.removeEventListener(type, listener);
  }
}

function counted({ signal }: AbortController): AbortSignal {
  return new CountedSignal(signal) as unknown as AbortSignal;
}

export type Engine = typeof engine;

Object.assign(globalThis, { engine });
