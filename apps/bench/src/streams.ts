import { map } from "@cohort/node";
import { pMapIterable } from "p-map";
import { heap } from "./memory.ts";

type MapStream = (source: AsyncIterable<number>) => AsyncIterable<number>;

/** Ways to map a stream, 100 items at a time. */
export const STREAMS: Readonly<Record<string, MapStream>> = {
  "p-map iterable": (source) => pMapIterable(source, async (i) => i, { concurrency: 100 }),
  cohort: (source) => map(source, async (i) => i, { limit: 100 }),
};

/** How often the heap is looked at, after a collection: what is found is what is held. */
const LOOKS = 20;

/** Kilobytes that are held at most while a stream of `n` items is mapped. */
export async function peakKilobytes(open: MapStream, n: number): Promise<number> {
  async function* source(): AsyncGenerator<number> {
    for (let i = 0; i < n; i++) yield i;
  }
  const before = heap();
  let peak = 0;
  let taken = 0;
  for await (const value of open(source())) {
    if (value !== taken++) throw new Error(`item ${value} came out as number ${taken}`);
    if (taken % Math.floor(n / LOOKS) === 0) peak = Math.max(peak, heap() - before);
  }
  if (taken !== n) throw new Error(`${taken} of ${n} items came out`);
  return peak / 1000;
}
