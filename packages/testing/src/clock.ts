import {
  bindAddInstrument,
  bindFormatTaskTree,
  bindInspectTasks,
  CancelledError,
  InvalidStateError,
  type MaybePromise,
  type Runtime,
  type TakeOver,
  takeOver,
  type TaskNode,
} from "@cohort/core";
import { describeDeadlock, explain } from "./deadlock.ts";
import { DeadlockError, LeakError } from "./errors.ts";
import { describeLeaks, hasLeaks, type Leaks } from "./leaks.ts";
import { Pump } from "./pump.ts";
import { Draws } from "./draws.ts";
import { checkOptions } from "./virtual-time-options.ts";
import type { TestClock, VirtualTimeOptions } from "./test-clock.ts";
import { errorText } from "./text-of.ts";
import { drawTimeline } from "./timeline.ts";
import { Recorder, type TraceEvent } from "./trace.ts";
import { type Report, virtualAdapter } from "./virtual-adapter.ts";
import { VirtualTimers } from "./virtual-timers.ts";

/** So many ids belong to each runtime of a clock. */
const IDS = 1_000_000_000;

/** The clock that a test holds, over the timers, the pump and the runtimes that it has taken over. */
export class VirtualClock implements TestClock {
  readonly timers: VirtualTimers;
  private readonly runtimes: readonly Runtime[];
  private readonly taken: TakeOver[] = [];
  private readonly patience: number;
  private readonly start: number;
  private readonly pump: Pump;
  private readonly recorder: Recorder;
  private reported: Report[] = [];
  private deadlock: DeadlockError | undefined;
  /** Rejects what `run()` gives: its body waits for what never comes. */
  private giveUp: ((error: DeadlockError) => void) | undefined;
  private closing: Promise<Leaks> | undefined;
  private isClosed = false;
  /** Somebody has been told of the leaks. */
  private isTold = false;

  constructor(runtime: Runtime | readonly Runtime[], options: VirtualTimeOptions) {
    const { seed, start, autoJump, cushion, patience } = checkOptions(options);
    const draws = new Draws(seed ?? 0);
    this.runtimes = Array.isArray(runtime) ? runtime : [runtime];
    this.patience = patience;
    this.start = start;
    this.timers = new VirtualTimers(seed === undefined ? undefined : () => draws.tie());
    const scene = { isOpen: () => this.isOpen, deadlocked: () => this.deadlocked() };
    this.pump = new Pump(this.timers, { autoJump, cushion, patience }, scene);
    this.recorder = new Recorder(
      () => this.elapsed,
      () => this.pump.changed(),
    );
    const host = {
      timers: this.timers,
      now: () => this.now(),
      random: () => draws.random(),
      defer: seed === undefined ? undefined : (run: () => void) => draws.defer(run),
      isClosed: () => this.isClosed,
      reported: (report: Report) => this.report(report),
      changed: () => this.pump.changed(),
    };
    try {
      for (const [index, each] of this.runtimes.entries()) {
        this.taken.push(takeOver(each, (adapter) => virtualAdapter(adapter, host), index * IDS));
        bindAddInstrument(each)(this.recorder.instrument);
      }
    } catch (error) {
      this.giveBack();
      throw error;
    }
  }

  now(): number {
    return this.start + this.timers.elapsed;
  }

  get elapsed(): number {
    return this.timers.elapsed;
  }

  get reports(): readonly Report[] {
    return this.reported;
  }

  takeReports(): readonly Report[] {
    return this.reported.splice(0);
  }

  async advance(ms: number): Promise<void> {
    const goal = this.pump.goal + ms;
    if (!(typeof ms === "number" && ms >= 0 && goal < Infinity)) throw new RangeError(`can't advance by ${ms} ms`);
    await this.pump.advanceTo(goal);
  }

  async advanceTo(when: Date | number): Promise<void> {
    const moment = Number(when);
    if (!Number.isFinite(moment))
      throw new RangeError(`a moment must be a Date or a finite number of ms: ${String(when)}`);
    if (moment < this.now()) throw new RangeError(`${moment} ms has passed: the clock stands at ${this.now()} ms`);
    await this.pump.advanceTo(moment - this.start);
  }

  idle(): Promise<void> {
    return this.pump.idle();
  }

  hold(): (() => void) & Disposable {
    const release = this.pump.hold();
    return Object.assign(release, Symbol.dispose && { [Symbol.dispose]: release });
  }

  mark(text: string): void {
    this.recorder.add("mark", undefined, text);
  }

  trace(): readonly TraceEvent[] {
    return [...this.recorder.events];
  }

  timeline(options?: { readonly width?: number }): string {
    return drawTimeline(this.recorder.events, options);
  }

  assertNoLeaks(): void {
    if (this.isClosed) throw new InvalidStateError("the test clock has been closed");
    const leaks = this.leaks();
    if (hasLeaks(leaks)) throw this.leakError(leaks);
  }

  /** Runs a body as a part of what waits: if it waits for what never comes, it is deadlocked, too. */
  async run<T>(body: (clock: TestClock) => MaybePromise<T>): Promise<T> {
    const stuck = new Promise<never>((_, reject) => {
      this.giveUp = reject;
    });
    try {
      return await Promise.race([body(this), stuck]);
    } finally {
      this.giveUp = undefined;
    }
  }

  async close(): Promise<void> {
    const leaks = await this.end();
    if (!hasLeaks(leaks) || this.isTold) return;
    this.isTold = true;
    throw this.leakError(leaks);
  }

  /** Gives the runtimes back; what is open is cancelled first and gets the time that its cleanups ask for. */
  end(): Promise<Leaks> {
    this.closing ??= this.drainAndEnd();
    return this.closing;
  }

  private async drainAndEnd(): Promise<Leaks> {
    const leaks = this.leaks();
    this.giveUp = undefined;
    try {
      for (const taken of this.taken) if (taken.isOpen()) taken.cancel(new CancelledError("the test has ended"));
      await this.pump.drain();
    } finally {
      this.giveBack();
    }
    return leaks;
  }

  private giveBack(): void {
    this.isClosed = true;
    this.pump.stop();
    for (const taken of this.taken) taken.end();
  }

  [Symbol.dispose](): void {
    // What is open is cancelled, but a sync disposal can't wait for its cleanups.
    const ended = this.end();
    this.giveBack();
    void ended.then((leaks) => this.failLater(leaks));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.failLater(await this.end());
  }

  // Disposal can't see whether the test failed, and a throw here would bury the test's own error in a SuppressedError, of
  // which most runners print neither half. An unhandled rejection fails the run beside it.
  private failLater(leaks: Leaks): void {
    if (!hasLeaks(leaks) || this.isTold) return;
    this.isTold = true;
    void Promise.reject(this.leakError(leaks));
  }

  private get isOpen(): boolean {
    // A drain waits for blocks alone: what floats would have gone on after the test, and nobody would know.
    if (this.closing !== undefined) return this.deadlock === undefined && this.taken.some((taken) => taken.isOpen());
    const isAwaited = (taken: TakeOver): boolean => taken.isOpen() || taken.floating().length > 0;
    return this.giveUp !== undefined || this.taken.some(isAwaited);
  }

  private leaks(): Leaks {
    const errors = this.reported.filter((report) => "error" in report);
    // What a deadlock left has been told of by its DeadlockError, which is among the errors unless the test has taken it.
    if (this.deadlock !== undefined) return { open: [], timers: 0, floating: [], signals: 0, errors };
    const floating = this.taken.flatMap((taken) => taken.floating());
    const signals = this.taken.reduce((sum, taken) => sum + taken.listening(), 0);
    return { open: this.tree(), timers: this.timers.size, floating, signals, errors };
  }

  private tree(): readonly TaskNode[] {
    return this.runtimes.flatMap((runtime) => bindInspectTasks(runtime)());
  }

  private draw(tree: readonly TaskNode[]): string {
    return bindFormatTaskTree(this.runtimes[0] as Runtime)(tree);
  }

  private leakError(leaks: Leaks): LeakError {
    return new LeakError(describeLeaks(leaks, this.draw(leaks.open)), leaks);
  }

  private report(report: Report): void {
    this.reported.push(report);
    const isError = "error" in report;
    this.recorder.add(
      isError ? "error" : "warning",
      report.tasks[0],
      isError ? errorText(report.error) : report.warning,
    );
  }

  private deadlocked(): void {
    if (this.deadlock === undefined) {
      this.deadlock = this.deadlockError(this.patience);
      this.report({ error: this.deadlock, tasks: [] });
      for (const taken of this.taken) {
        taken.cancel(this.deadlock);
        taken.wake(this.deadlock);
      }
    } else {
      // What its cancellation didn't wake nothing will: whoever waits for it is told so.
      for (const taken of this.taken) taken.abandon(this.deadlock);
      this.giveUp?.(this.deadlock);
      this.giveUp = undefined;
    }
  }

  /** `quiet`: the real ms in which nothing has happened, where anything could. */
  deadlockError(quiet?: number): DeadlockError {
    const tree = explain(this.tree());
    const floating = this.taken.flatMap((taken) => taken.floating());
    const known = { now: this.now(), tree: this.draw(tree), floating, timers: this.timers.refs, quiet };
    return new DeadlockError(describeDeadlock(known), tree);
  }
}
