/** A program that waits for what will never happen: nothing is scheduled any more, and it hasn't ended. */
export class StuckError extends Error {
  override readonly name = "StuckError";
}

type Callback = (...args: unknown[]) => void;

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** What a host's timer functions gave before they were replaced. */
interface Host {
  setTimeout: (callback: Callback, ms?: number, ...args: unknown[]) => unknown;
  clearTimeout: (timer: unknown) => void;
  setInterval: (callback: Callback, ms?: number, ...args: unknown[]) => unknown;
  clearInterval: (timer: unknown) => void;
}

const host = globalThis as unknown as Host;

/** How many turns of the host's own event loop a program gets before time moves: enough for what it hops through. */
const TURNS = 2;

/** How many more before a program is called stuck: an implementation may have a scheduler of its own. */
const LAST_TURNS = 50;

/** How often time may jump: what reports stragglers again and again would keep a stuck program going for ever. */
const JUMPS = 100_000;

/**
 * The host's clock, made virtual while a case runs: `setTimeout`, `setInterval`, `Date.now` and `performance.now` are replaced, so that an
 * implementation needs no hook for it. Whenever nothing can run any more, time jumps to the next timer.
 */
export class VirtualClock {
  private time = 0;
  private lastOrder = 0;
  private settling = 0;
  private readonly pending: Map<unknown, Pending> = new Map();
  private readonly turn: () => Promise<void>;

  constructor() {
    this.turn = hostTurn();
  }

  /** Virtual ms since the case began. */
  now(): number {
    return this.time;
  }

  /** Timers that are set. */
  get timers(): number {
    return this.pending.size;
  }

  /** Runs a program under virtual time; throws a StuckError if it can't end. */
  async run<T>(program: () => T | PromiseLike<T>): Promise<T> {
    const restore = this.install();
    try {
      let isOver = false;
      const over = (): void => void (isOver = true);
      const result = Promise.resolve().then(program);
      result.then(over, over);
      for (let jumps = 0; jumps < JUMPS; jumps++) {
        // The program may be waiting for the same: time must not jump over it.
        do await this.settle();
        while (this.settling > 0);
        if (isOver) return await result;
        if (this.jump()) continue;
        for (let turn = 0; turn < LAST_TURNS && !isOver && this.isQuiet; turn++) await this.turn();
        if (!isOver && this.isQuiet) throw new StuckError(`everything waits at ${this.time} ms, and no timer is set`);
      }
      throw new StuckError(`after ${JUMPS} timers, at ${this.time} ms, it hasn't ended`);
    } finally {
      restore();
    }
  }

  /** Lets everything run that can run without time passing. */
  async settle(): Promise<void> {
    this.settling++;
    for (let turn = 0; turn < TURNS; turn++) await this.turn();
    this.settling--;
  }

  private get isQuiet(): boolean {
    return this.pending.size === 0 && this.settling === 0;
  }

  private jump(): boolean {
    let next: [unknown, Pending] | undefined;
    for (const entry of this.pending) {
      const [, { at, order }] = entry;
      if (next === undefined || at < next[1].at || (at === next[1].at && order < next[1].order)) next = entry;
    }
    if (next === undefined) return false;
    this.pending.delete(next[0]);
    this.time = Math.max(this.time, next[1].at);
    next[1].call();
    return true;
  }

  private install(): () => void {
    const { setTimeout: hostSet, clearTimeout: hostClear, setInterval: hostRepeat, clearInterval: hostStop } = host;
    const { now: dateNow } = Date;
    const ownNow = Object.getOwnPropertyDescriptor(performance, "now");
    const base = dateNow();
    const began = performance.now();
    host.setTimeout = (callback, ms = 0, ...args) => {
      const timer = new VirtualTimer(this.lastOrder++, (again) => this.pending.has(again));
      // Hosts hold what is too long, too short or no number at all for 1.
      const delay = ms >= 0 && ms <= 2 ** 31 - 1 ? ms : 1;
      this.pending.set(timer, { at: this.time + delay, order: this.lastOrder, call: () => callback(...args) });
      return timer;
    };
    host.setInterval = (callback, ms = 0, ...args) => {
      const timer = new VirtualTimer(this.lastOrder++, (again) => this.pending.has(again));
      const delay = ms >= 1 && ms <= 2 ** 31 - 1 ? ms : 1;
      const arm = (): void => {
        const call = (): void => {
          arm();
          callback(...args);
        };
        this.pending.set(timer, { at: this.time + delay, order: this.lastOrder++, call });
      };
      arm();
      return timer;
    };
    host.clearInterval = (timer) => {
      if (!this.pending.delete(timer)) hostStop(timer);
    };
    host.clearTimeout = (timer) => {
      if (!this.pending.delete(timer)) hostClear(timer);
    };
    Date.now = () => base + this.time;
    Object.defineProperty(performance, "now", { configurable: true, writable: true, value: () => began + this.time });
    return () => {
      host.setTimeout = hostSet;
      host.clearTimeout = hostClear;
      host.setInterval = hostRepeat;
      host.clearInterval = hostStop;
      Date.now = dateNow;
      if (ownNow === undefined) delete (performance as { now?: unknown }).now;
      else Object.defineProperty(performance, "now", ownNow);
    };
  }
}

/** Looks enough like Node's timer for whoever unrefs it, and like a browser's for whoever prints it. */
class VirtualTimer {
  private readonly order: number;
  private readonly isSet: (timer: VirtualTimer) => boolean;
  private isRef = true;

  constructor(order: number, isSet: (timer: VirtualTimer) => boolean) {
    this.order = order;
    this.isSet = isSet;
  }

  ref(): this {
    this.isRef = true;
    return this;
  }

  unref(): this {
    this.isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.isRef && this.isSet(this);
  }

  [Symbol.toPrimitive](): number {
    return this.order;
  }
}

/** One turn of the host's event loop, by whatever the host has for it. Taken before the timers are replaced. */
function hostTurn(): () => Promise<void> {
  const { setImmediate: immediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (immediate !== undefined) return () => new Promise((resolve) => void immediate(resolve));
  const { setTimeout: hostSet } = host;
  if (typeof MessageChannel === "undefined") return () => new Promise((resolve) => void hostSet(() => resolve(), 0));
  return () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      // Setting it starts the port, in every host.
      (port1 as { onmessage?: (() => void) | null }).onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    });
}
