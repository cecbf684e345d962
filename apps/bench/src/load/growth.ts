import type { Point } from "./load.ts";

/** What of a server's memory grows, in bytes. */
export interface Growth {
  readonly perRequest: number;
  /** What it may be, over so many requests. */
  readonly most: number;
}

/**
 * What may be left behind. `flat` bytes a request are what a line through noise may rise by; a group that is kept would
 * cost some thousand. `wobble` bytes go up and down by themselves, however many requests there are: a heap's by compiled
 * code, RSS by the pages that an allocator keeps for later.
 */
const ALLOWED = {
  heap: { flat: 20, wobble: 2 ** 20, from: 0 },
  // Of fewer requests it says nothing: the runtimes were seen to grow into their size for the first 20,000.
  rss: { flat: 50, wobble: 16 * 2 ** 20, from: 50_000 },
} as const;

/**
 * By how much memory grows: the slope of the line of least squares through all looks. Of a heap without its largest drop: a
 * runtime lets go of what it has compiled once, and that is no excuse for what grows before and after.
 */
export function growthOf(points: readonly Point[], what: keyof typeof ALLOWED): Growth {
  const { flat, wobble, from } = ALLOWED[what];
  const [first, last] = [points[0], points.at(-1)];
  const span = first === undefined || last === undefined ? 0 : last.sent - first.sent;
  if (span === 0 || span < from) return { perRequest: 0, most: Infinity };
  const looks = points.map((point) => [point.sent, point[what]] as const);
  return { perRequest: slopeOf(what === "heap" ? withoutDrop(looks) : looks), most: flat + wobble / span };
}

type Look = readonly [sent: number, bytes: number];

function slopeOf(looks: readonly Look[]): number {
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const [sent, bytes] = [mean(looks.map(([x]) => x)), mean(looks.map(([, y]) => y))];
  return mean(looks.map(([x, y]) => (x - sent) * (y - bytes))) / mean(looks.map(([x]) => (x - sent) ** 2));
}

function withoutDrop(looks: readonly Look[]): Look[] {
  const drops = looks.map(([, bytes], n) => Math.max(0, (looks[n - 1]?.[1] ?? bytes) - bytes));
  const largest = Math.max(...drops);
  const at = drops.indexOf(largest);
  return looks.map(([sent, bytes], n) => [sent, n >= at ? bytes + largest : bytes]);
}
