import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { skipN } from "pure-rand/utils/skipN";

const LARGEST = 2 ** 31 - 1;
/** The first draws of seeds that are alike are alike. */
const COLD = 20;

/** Numbers drawn from a seed: the same seed gives the same numbers, on every machine. */
export class Draws {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;
  /** What waits for its turn. */
  private ready: (() => void)[] = [];

  constructor(seed: number) {
    if (!Number.isInteger(seed) || Math.abs(seed) > LARGEST) {
      throw new RangeError(`a seed must be a whole number between ±${LARGEST}: ${seed}`);
    }
    this.generator = xoroshiro128plus(seed);
    skipN(this.generator, COLD);
  }

  /** A number to sort by, whole and not negative. */
  tie(): number {
    return uniformInt(this.generator, 0, LARGEST);
  }

  /** In [0, 1), in place of Math.random. */
  random(): number {
    return this.tie() / (LARGEST + 1);
  }

  /** Runs it on a microtask, in an order that is drawn among all that came in the same turn. */
  defer(run: () => void): void {
    if (this.ready.push(run) === 1) void Promise.resolve().then(() => this.runReady());
  }

  private runReady(): void {
    const order = this.ready;
    this.ready = [];
    for (let left = order.length; left > 0; left--) {
      const chosen = uniformInt(this.generator, 0, left - 1);
      const run = order[chosen] as () => void;
      order[chosen] = order[left - 1] as () => void;
      run();
    }
  }
}
