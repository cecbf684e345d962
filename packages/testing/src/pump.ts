import { InvalidStateError } from "@cohort/core";
import { afterReal, fullTurn } from "./turn.ts";
import type { VirtualTimers } from "./virtual-timers.ts";

export interface PumpOptions {
  /** Time jumps to the next timer when everything waits. */
  readonly autoJump: boolean;
  /** Real ms in which nothing may happen before time jumps. */
  readonly cushion: number;
  /** Real ms in which nothing may happen, while time can't move, before open work counts as deadlocked. */
  readonly patience: number;
}

/** What the pump serves. */
export interface Scene {
  /** Somebody waits for something. */
  isOpen(): boolean;
  /** Nothing moves any more, and somebody waits: called again, after as long, if that changes nothing. */
  deadlocked(): void;
}

/** Somebody waits until everything is blocked, or until time has come to a moment. */
interface Request {
  readonly moment: number | undefined;
  resolve(): void;
  reject(reason: unknown): void;
}

/** The most real ms that a drain takes. */
const DRAIN = 1000;

/** Moves virtual time, a timer at a turn, and only when nothing is left to run: the microtasks decide when that is. */
export class Pump {
  private readonly timers: VirtualTimers;
  private readonly options: PumpOptions;
  private readonly scene: Scene;
  private isRunning = false;
  private isStopped = false;
  private holds = 0;
  private readonly requests: Request[] = [];
  /** Ends the drain, once nothing can move any more. */
  private drained: (() => void) | undefined;
  private unwatch: (() => void) | undefined;
  /** Counts what happens: what stays the same is quiet. */
  private happenings = 0;

  constructor(timers: VirtualTimers, options: PumpOptions, scene: Scene) {
    this.timers = timers;
    this.options = options;
    this.scene = scene;
  }

  /** Something has happened, after which time might have to move. */
  changed(): void {
    this.happenings++;
    this.unwatch?.();
    this.unwatch = undefined;
    this.wake();
  }

  idle(): Promise<void> {
    return this.ask(undefined);
  }

  /** Lets time come to a moment, in ms since the clock began. */
  advanceTo(moment: number): Promise<void> {
    return this.ask(moment);
  }

  /** The moment at which all is done that has been asked for. */
  get goal(): number {
    return this.requests.reduce((goal, { moment = goal }) => Math.max(goal, moment), this.timers.elapsed);
  }

  /** Time stands still until what is returned is called. */
  hold(): () => void {
    this.holds++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.holds--;
      this.wake();
    };
  }

  /** Lets what is open end, as far as virtual time, and a little real time, can make it end. */
  async drain(): Promise<void> {
    if (!this.scene.isOpen()) return;
    await new Promise<void>((resolve) => {
      const enough = afterReal(DRAIN, resolve);
      this.drained = () => {
        enough();
        resolve();
      };
      this.changed();
    });
  }

  stop(): void {
    this.isStopped = true;
    this.unwatch?.();
    for (const request of this.requests.splice(0)) request.reject(closedError());
    this.drained?.();
  }

  private ask(moment: number | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.isStopped) throw closedError();
      this.requests.push({ moment, resolve, reject });
      this.changed();
    });
  }

  private wake(): void {
    if (this.isRunning || this.isStopped) return;
    this.isRunning = true;
    void this.run();
  }

  private async run(): Promise<void> {
    do {
      await fullTurn();
      if (this.options.cushion > 0) await this.quiet(this.options.cushion);
    } while (!this.isStopped && this.step());
    this.isRunning = false;
  }

  /** Everything is blocked: does the next thing there is to do. */
  private step(): boolean {
    const isDraining = this.drained !== undefined;
    const idle = this.requests.findIndex(({ moment }) => moment === undefined);
    if (idle >= 0) return this.serve(idle);
    if (this.holds > 0 && !isDraining) return false;
    const { timers } = this;
    const { next } = timers;
    const moment = this.requests[0]?.moment;
    if (moment !== undefined) {
      if (next === undefined || next.at > moment) {
        timers.moveTo(moment);
        return this.serve(0);
      }
      timers.fire(next);
      return true;
    }
    const isOpen = this.scene.isOpen();
    // An unref'd timer alone is no reason to go on: reports about stragglers repeat for ever.
    if (next !== undefined && timers.refs > 0 && (isDraining ? isOpen : this.options.autoJump)) {
      timers.fire(next);
      return true;
    }
    if (isOpen) this.watch();
    else this.drained?.();
    return false;
  }

  private serve(index: number): true {
    this.requests.splice(index, 1)[0]?.resolve();
    return true;
  }

  private watch(): void {
    const { patience } = this.options;
    const ms = this.drained === undefined ? patience : Math.min(patience, DRAIN);
    if (this.unwatch !== undefined || ms === Infinity) return;
    const before = this.happenings;
    this.unwatch = afterReal(ms, () => void this.decide(before));
  }

  private async decide(before: number): Promise<void> {
    // The process may have been stopped for so long: what is ready to happen gets its chance.
    await fullTurn();
    if (this.happenings !== before || this.isStopped) return;
    this.unwatch = undefined;
    if (this.drained !== undefined) return this.drained();
    if (this.holds > 0 || !this.scene.isOpen()) return;
    this.scene.deadlocked();
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
