import type { Frames } from "../../src/playback/frames.ts";

/** Frames that come when the test says so. */
export class HandFrames implements Frames {
  time = 0;
  readonly #running = new Set<(elapsed: number) => boolean>();

  now(): number {
    return this.time;
  }

  start(frame: (elapsed: number) => boolean): void {
    this.#running.add(frame);
  }

  /** Whether another frame is wanted. */
  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  next(elapsed: number): void {
    this.time += elapsed;
    for (const frame of this.#running) if (!frame(elapsed)) this.#running.delete(frame);
  }

  /** Frames of this length until none is wanted any more. */
  rest(elapsed: number): void {
    for (let n = 0; this.isRunning; n++) {
      if (n > 100_000) throw new Error("frames are wanted for ever");
      this.next(elapsed);
    }
  }
}
