/** The stretch of the run's time that the canvas shows, in ms since the run began. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A tick of the ruler. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

const shortest = 1;

/** The part of a window that it may begin before the run does. */
const margin = 0.015;

/** What shows a whole run of this length, with some room around it so that no mark is cut. */
export function fitting(length: number): TimeWindow {
  const span = Math.max(length, 20) * 1.08;
  return { from: -margin * span, to: (1 - margin) * span };
}

export function positionOf(at: number, { from, to }: TimeWindow, width: number): number {
  return ((at - from) / (to - from)) * width;
}

export function timeAt(x: number, { from, to }: TimeWindow, width: number): number {
  return from + (x / width) * (to - from);
}

/** Closer by a factor above 1, further off below it; what is at `around` stays where it is. Never before the start. */
export function zoomed({ from, to }: TimeWindow, factor: number, around: number): TimeWindow {
  const span = Math.max((to - from) / factor, shortest);
  const start = Math.max(-margin * span, around - ((around - from) / (to - from)) * span);
  return { from: start, to: start + span };
}

export function panned({ from, to }: TimeWindow, by: number): TimeWindow {
  const span = to - from;
  const start = Math.max(-margin * span, from + by);
  return { from: start, to: start + span };
}

/** Round times, some 90 px apart. */
export function ticksOf({ from, to }: TimeWindow, width: number): Tick[] {
  const least = ((to - from) / Math.max(width, 1)) * 90;
  const step = roundSteps(least);
  const ticks: Tick[] = [];
  for (let n = Math.max(Math.ceil(from / step), 0); n * step <= to; n++)
    ticks.push({ at: n * step, label: duration(n * step) });
  return ticks;
}

const minute = 60_000;

function roundSteps(least: number): number {
  if (least > 30_000) {
    const minutes = least / minute;
    return minute * ([1, 2, 5, 10, 20, 30, 60].find((step) => step >= minutes) ?? Math.ceil(minutes / 60) * 60);
  }
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((step) => step * power >= least) ?? 10);
}

/** A time as people say it: `350 ms`, `1.25 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1) return ms === 0 ? "0" : `${Number(ms.toFixed(2))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return rest === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
