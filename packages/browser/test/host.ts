import { vi } from "vitest";

/** A page's clocks and timers, all of which the test moves. Each host has a `Date` of its own, as with fake timers. */
export class Host {
  #steady = 1_000_000.3;
  #date = 1_800_000_000_000;
  readonly #timers: Map<number, { readonly at: number; readonly callback: () => void }> = new Map();
  readonly #listeners: Set<() => void> = new Set();
  #last = 0;

  constructor() {
    const readDate = (): number => Math.floor(this.#date);
    vi.stubGlobal(
      "Date",
      class extends Date {
        static override now = readDate;
      },
    );
    vi.stubGlobal("performance", { timeOrigin: 1_800_000_000_000 - 1_000_000, now: () => this.#steady });
    vi.stubGlobal("setTimeout", (callback: () => void, ms: number) => {
      // Engines cut the fraction of a ms off.
      this.#timers.set(++this.#last, { at: this.#steady + Math.floor(ms), callback });
      return this.#last;
    });
    vi.stubGlobal("clearTimeout", (timer: number) => this.#timers.delete(timer));
    vi.stubGlobal("addEventListener", (_: string, listener: () => void) => this.#listeners.add(listener));
    vi.stubGlobal("removeEventListener", (_: string, listener: () => void) => this.#listeners.delete(listener));
  }

  /** Lets the steady clock go, and with it the date; each timer rings at its time. */
  pass(ms: number): void {
    const end = this.#steady + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at);
      if (next === undefined) break;
      const [id, { at, callback }] = next;
      this.#timers.delete(id);
      this.#go(Math.max(0, at - this.#steady));
      callback();
    }
    this.#go(end - this.#steady);
  }

  /** Changes the date alone: somebody sets it, or the steady clock stands in a machine that sleeps. */
  setDate(ms: number): void {
    this.#date += ms;
  }

  /** The page is shown again. */
  show(): void {
    for (const listener of this.#listeners) listener();
  }

  #go(ms: number): void {
    this.#steady += ms;
    this.#date += ms;
  }
}
