import {
  bindAddInstrument,
  bindFormatTaskTree,
  bindInspectTasks,
  CancelledError,
  type Runtime,
  type TakeOver,
  takeOver,
} from "@cohort/core";
import { describeDeadlock, explain } from "./deadlock.ts";
import { DeadlockError, LeakError } from "./errors.ts";
import { describeLeaks, hasLeaks, type Leaks } from "./leaks.ts";
import { Pump } from "./pump.ts";
import { type Shuffle, shuffleBy } from "./shuffle.ts";
import type { TestClock, VirtualTimeOptions } from "./test-clock.ts";
import { errorText } from "./text-of.ts";
import { drawTimeline } from "./timeline.ts";
import { Recorder, type TraceEvent } from "./trace.ts";
import { type Report, virtualAdapter } from "./virtual-adapter.ts";
import { VirtualTimers } from "./virtual-timers.ts";

const PATIENCE = 1000;

/** The clock that a test holds, over the timers, the pump and the taken-over runtime. */
export class VirtualClock implements TestClock {
  readonly timers: VirtualTimers;
  private readonly runtime: Runtime;
  private readonly patience: number;
  private readonly start: number;
  private readonly pump: Pump;
  private readonly recorder: Recorder;
  private readonly taken: TakeOver;
  private reported: Report[] = [];
  private deadlock: DeadlockError | undefined;
  private closing: Promise<Leaks> | undefined;
  private isClosed = false;

  constructor(runtime: Runtime, options: VirtualTimeOptions) {
    const { seed, start = 0, autoJump = true, cushion = 0, patience = PATIENCE } = options;
    const shuffle: Shuffle | undefined = seed === undefined ? undefined : shuffleBy(seed);
    this.runtime = runtime;
    this.patience = patience;
    this.start = momentOf(start);
    this.timers = new VirtualTimers(this.start, shuffle?.tie);
    this.recorder = new Recorder(() => this.elapsed);
    const isOpen = (): boolean => this.taken.isOpen();
    this.pump = new Pump(this.timers, { autoJump, cushion, patience }, isOpen, () => this.deadlocked());
    this.taken = takeOver(runtime, (host) =>
      virtualAdapter(host, {
        timers: this.timers,
        shuffle,
        isClosed: () => this.isClosed,
        reported: (report) => this.report(report),
        changed: () => this.pump.changed(),
        opened: () => {
          this.pump.changed();
          return () => this.pump.stopWatching();
        },
      }),
    );
    bindAddInstrument(runtime)(this.recorder.instrument);
  }

  now(): number {
    return this.timers.now();
  }

  get elapsed(): number {
    return this.timers.now() - this.start;
  }

  get reports(): readonly Report[] {
    return this.reported;
  }

  takeReports(): readonly Report[] {
    return this.reported.splice(0);
  }

  async advance(ms: number): Promise<void> {
    if (!(typeof ms === "number" && ms >= 0 && ms < Infinity)) throw new RangeError(`can't advance by ${ms} ms`);
    await this.pump.advanceTo(this.now() + ms);
  }

  async advanceTo(when: Date | number): Promise<void> {
    const moment = momentOf(when);
    if (moment < this.now()) throw new RangeError(`${moment} ms has passed: the clock stands at ${this.now()} ms`);
    await this.pump.advanceTo(moment);
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
    const leaks = this.leaks();
    if (hasLeaks(leaks)) throw this.leakError(leaks);
  }

  async close(): Promise<void> {
    const leaks = await this.end();
    if (hasLeaks(leaks)) throw this.leakError(leaks);
  }

  /** Gives the runtime back; what is open is cancelled first and gets the time that its cleanups ask for. */
  end(): Promise<Leaks> {
    this.closing ??= this.drainAndEnd();
    return this.closing;
  }

  private async drainAndEnd(): Promise<Leaks> {
    const leaks = this.leaks();
    try {
      if (this.taken.isOpen()) this.taken.cancel(new CancelledError("the test has ended"), "blocks");
      await this.pump.drain();
    } finally {
      this.giveBack();
    }
    return leaks;
  }

  private giveBack(): void {
    this.isClosed = true;
    this.pump.stop();
    this.taken.end();
  }

  [Symbol.dispose](): void {
    const leaks = this.leaks();
    // What is open is cancelled, but a sync disposal can't wait for its cleanups.
    void this.end();
    this.giveBack();
    this.failLater(leaks);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.failLater(await this.end());
  }

  // Disposal can't see whether the test failed, and a throw here would bury the test's own error in a SuppressedError, of
  // which most runners print neither half. An unhandled rejection fails the run beside it.
  private failLater(leaks: Leaks): void {
    if (hasLeaks(leaks)) void Promise.reject(this.leakError(leaks));
  }

  private leaks(): Leaks {
    const errors = this.reported.filter((report) => "error" in report);
    // What a deadlock left has been told of by its DeadlockError.
    if (this.deadlock !== undefined) return { open: [], timers: 0, signals: 0, errors };
    const open = bindInspectTasks(this.runtime)();
    return { open, timers: this.timers.size, signals: this.taken.listening(), errors };
  }

  private leakError(leaks: Leaks): LeakError {
    return new LeakError(describeLeaks(leaks, bindFormatTaskTree(this.runtime)(leaks.open)), leaks);
  }

  private report(report: Report): void {
    this.reported.push(report);
    const isError = "error" in report;
    const text = isError ? errorText(report.error) : report.warning;
    this.recorder.add(isError ? "error" : "warning", report.tasks[0], text);
    this.pump.changed();
  }

  private deadlocked(): void {
    // What its cancellation didn't wake nothing will: whoever waits for it is told so.
    if (this.deadlock !== undefined) return this.taken.abandon(this.deadlock);
    this.deadlock = this.deadlockError();
    this.taken.cancel(this.deadlock, "everybody");
  }

  deadlockError(): DeadlockError {
    const tree = explain(bindInspectTasks(this.runtime)());
    const text = bindFormatTaskTree(this.runtime)(tree);
    return new DeadlockError(describeDeadlock(this.now(), this.patience, text), tree);
  }
}

function momentOf(when: Date | number): number {
  const moment = when instanceof Date ? when.getTime() : when;
  if (!Number.isFinite(moment))
    throw new RangeError(`a moment must be a Date or a finite number of ms: ${String(when)}`);
  return moment;
}
