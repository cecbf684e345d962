import { InvalidStateError } from "@cohort/core";
import { afterReal, turn } from "./turn.ts";
import type { VirtualTimers } from "./virtual-timers.ts";

export interface PumpOptions {
  /** Time jumps to the next timer when everything waits. */
  readonly autoJump: boolean;
  /** Real ms in which nothing may happen before time jumps. */
  readonly cushion: number;
  /** Real ms in which nothing may happen, and no timer be set, before open work counts as deadlocked. */
  readonly patience: number;
}

interface Request {
  readonly moment: number;
  resolve(): void;
  reject(reason: unknown): void;
}

/** Moves virtual time, a timer at a turn, and only when nothing is left to run: the microtasks decide when that is. */
export class Pump {
  private readonly timers: VirtualTimers;
  private readonly options: PumpOptions;
  private readonly isOpen: () => boolean;
  private readonly deadlocked: () => void;
  private isRunning = false;
  private isStopped = false;
  private holds = 0;
  private idlers: (() => void)[] = [];
  private readonly requests: Request[] = [];
  /** Ends the drain, once nothing can move any more. */
  private drained: (() => void) | undefined;
  private unwatch: (() => void) | undefined;
  /** How often open work was found deadlocked: cancelled the first time, abandoned the second. */
  private deadlocks = 0;
  /** Counts what happens: what stays the same is quiet. */
  private happenings = 0;

  constructor(timers: VirtualTimers, options: PumpOptions, isOpen: () => boolean, deadlocked: () => void) {
    this.timers = timers;
    this.options = options;
    this.isOpen = isOpen;
    this.deadlocked = deadlocked;
  }

  /** Something has happened, after which time might have to move. */
  changed(): void {
    this.happenings++;
    this.stopWatching();
    this.wake();
  }

  /** Nothing is open any more. */
  stopWatching(): void {
    this.unwatch?.();
    this.unwatch = undefined;
  }

  idle(): Promise<void> {
    return this.ask((resolve) => void this.idlers.push(resolve));
  }

  advanceTo(moment: number): Promise<void> {
    return this.ask((resolve, reject) => void this.requests.push({ moment, resolve, reject }));
  }

  /** Time stands still until what is returned is called. */
  hold(): () => void {
    this.holds++;
    let isHeld = true;
    return () => {
      if (isHeld) this.holds--;
      isHeld = false;
      this.wake();
    };
  }

  /** Lets what is open end, as far as virtual time can make it end. */
  async drain(): Promise<void> {
    if (!this.isOpen()) return;
    this.holds = 0;
    await new Promise<void>((resolve) => {
      this.drained = resolve;
      this.wake();
    });
  }

  stop(): void {
    this.isStopped = true;
    this.stopWatching();
    for (const request of this.requests.splice(0)) request.reject(closedError());
    for (const resolve of this.idlers.splice(0)) resolve();
    this.drained?.();
  }

  private ask(add: (resolve: () => void, reject: (reason: unknown) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.isStopped) throw closedError();
      add(resolve, reject);
      this.wake();
    });
  }

  private wake(): void {
    if (this.isRunning || this.isStopped) return;
    this.isRunning = true;
    void this.run();
  }

  private async run(): Promise<void> {
    do {
      // Two: the first may come before other callbacks of the same turn, the second comes after them.
      await turn();
      await turn();
      if (this.options.cushion > 0) await this.quiet(this.options.cushion);
    } while (!this.isStopped && this.step());
    this.isRunning = false;
  }

  /** Everything is blocked: does the next thing there is to do. */
  private step(): boolean {
    if (this.idlers.length > 0) {
      for (const resolve of this.idlers.splice(0)) resolve();
      return true;
    }
    if (this.holds > 0) return false;
    const { timers } = this;
    const [request] = this.requests;
    const { next } = timers;
    if (request !== undefined) {
      if (next !== undefined && next.at <= request.moment) {
        timers.fire(next);
      } else {
        timers.moveTo(request.moment);
        this.requests.shift();
        request.resolve();
      }
      return true;
    }
    const isDraining = this.drained !== undefined;
    // An unref'd timer alone is no reason to go on: reports about stragglers repeat for ever.
    const canJump = (this.options.autoJump || isDraining) && next !== undefined && timers.refs > 0;
    if (canJump && (!isDraining || this.isOpen())) {
      timers.fire(next);
      return true;
    }
    if (isDraining) this.drained?.();
    else if (timers.refs === 0 && this.isOpen()) this.watch();
    return false;
  }

  private watch(): void {
    const { patience } = this.options;
    if (this.unwatch !== undefined || patience === Infinity || this.deadlocks === 2) return;
    const before = this.happenings;
    this.unwatch = afterReal(patience, () => void this.decide(before));
  }

  private async decide(before: number): Promise<void> {
    // The process may have been stopped for so long: what is ready to happen gets its chance.
    await turn();
    await turn();
    this.unwatch = undefined;
    if (this.happenings !== before || this.isStopped || this.holds > 0 || !this.isOpen()) return;
    this.deadlocks++;
    this.deadlocked();
    this.wake();
  }

  private async quiet(ms: number): Promise<void> {
    for (let before = -1; before !== this.happenings && !this.isStopped;) {
      before = this.happenings;
      await new Promise<void>((resolve) => void afterReal(ms, resolve));
    }
  }
}

function closedError(): InvalidStateError {
  return new InvalidStateError("the test clock has been closed");
}
