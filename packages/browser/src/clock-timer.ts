import { now } from "./clock.ts";

/** When a page may have stood still: it comes out of the back/forward cache, it is shown again, the machine has woken up. */
const EVENTS = ["pageshow", "visibilitychange", "online"];

/** Shorter ones, in ms, aren't worth a look: they come late by less than that. */
const WORTH_WATCHING = 1000;

/** The clock's readings are sums of fractions; nobody waits for so many ms. */
const ROUNDING = 0.01;

type HostTimer = ReturnType<typeof setTimeout>;

const watched: Set<ClockTimer> = /* @__PURE__ */ new Set();

/**
 * A timer whose time comes by the clock. The host's own counts the ms in which the page was alive: in the back/forward
 * cache of Firefox and WebKit it stands, and in a machine that sleeps. So whenever a page may have stood still, the clock
 * is asked. Not by a timer that looks each minute: it would wake an idle page up, and be in the way of fake timers.
 */
export class ClockTimer {
  private readonly when: number;
  private readonly callback: () => void;
  private timer: HostTimer;

  constructor(callback: () => void, ms: number) {
    this.callback = callback;
    this.when = now() + ms;
    this.timer = setTimeout(() => this.rang(), ms);
    if (ms >= WORTH_WATCHING) watch(this);
  }

  clear(): void {
    clearTimeout(this.timer);
    unwatch(this);
  }

  /** For tests in a host whose timers keep it alive. */
  unref(): void {
    (this.timer as { unref?: () => void }).unref?.();
  }

  static fireDue(): void {
    const time = now();
    const due = [...watched].filter(({ when }) => when <= time).sort((a, b) => a.when - b.when);
    // The first may clear the others.
    for (const timer of due) if (watched.has(timer)) timer.fire();
  }

  private rang(): void {
    const left = this.when - now();
    // Engines cut the fraction of a ms off. Once, and for no more: a test's timers may go by another clock than this.
    if (left > ROUNDING && left < 1) this.timer = setTimeout(() => this.fire(), 1);
    else this.fire();
  }

  private fire(): void {
    this.clear();
    this.callback();
  }
}

function watch(timer: ClockTimer): void {
  if (watched.size === 0) {
    // At the window's capture: some of them are the document's. Not there at all in a test's host.
    for (const name of EVENTS) globalThis.addEventListener?.(name, lookAtClock, true);
  }
  watched.add(timer);
}

function unwatch(timer: ClockTimer): void {
  if (!watched.delete(timer) || watched.size > 0) return;
  for (const name of EVENTS) globalThis.removeEventListener?.(name, lookAtClock, true);
}

function lookAtClock(): void {
  ClockTimer.fireDue();
}
