import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const LARGEST = 2 ** 31 - 1;

/** Orders drawn from a seed: the same seed gives the same orders, on every machine. */
export interface Shuffle {
  /** A number to sort by, whole and not negative. */
  tie(this: void): number;
  arrange<T>(this: void, ready: readonly T[]): readonly T[];
  /** In [0, 1), in place of Math.random. */
  random(this: void): number;
}

export function shuffleBy(seed: number): Shuffle {
  if (!Number.isInteger(seed)) throw new RangeError(`a seed must be an integer: ${seed}`);
  const generator = xoroshiro128plus(seed);
  const tie = (): number => uniformInt(generator, 0, LARGEST);
  return {
    tie,
    random: () => tie() / (LARGEST + 1),
    arrange<T>(ready: readonly T[]) {
      const order = [...ready];
      for (let last = order.length - 1; last > 0; last--) {
        const chosen = uniformInt(generator, 0, last);
        [order[last], order[chosen]] = [order[chosen] as T, order[last] as T];
      }
      return order;
    },
  };
}
