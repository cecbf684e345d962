/** The page's frames, as far as a playback needs them. */
export interface Frames {
  /** In ms. */
  now(): number;
  /** Calls in each frame, with the ms since the last one, until the call returns false. One already called stays so. */
  start(frame: (elapsed: number) => boolean): void;
}

export function animationFrames(): Frames {
  const running = new Set<(elapsed: number) => boolean>();
  return {
    now: () => performance.now(),
    start(frame) {
      if (running.has(frame)) return;
      running.add(frame);
      let last = performance.now();
      const next = () => {
        const now = performance.now();
        const goesOn = frame(now - last);
        last = now;
        if (goesOn) requestAnimationFrame(next);
        else running.delete(frame);
      };
      requestAnimationFrame(next);
    },
  };
}
