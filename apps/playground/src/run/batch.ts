import type { RunEvent } from "../recording/event.ts";

/** About a frame: the page draws no more often than that. */
const FRAME_MS = 16;

// Taken when this is loaded: under virtual time the global counts on another clock.
const { setTimeout, clearTimeout } = globalThis;

/** Collects events, so that thousands of them cross to the page in one message. */
export class Batch {
  private events: RunEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly send: (events: readonly RunEvent[]) => void;

  constructor(send: (events: readonly RunEvent[]) => void) {
    this.send = send;
  }

  add(event: RunEvent): void {
    this.events.push(event);
    this.timer ??= setTimeout(() => this.flush(), FRAME_MS);
  }

  /** Sends what there is, now. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.events.length === 0) return;
    const { events } = this;
    this.events = [];
    this.send(events);
  }
}
