import { check, CheckFailed } from "./check.ts";
import { CountingController } from "./counting-signal.ts";
import { show } from "./show.ts";
import type { Surface } from "./surface.ts";
import type { ConformanceTarget, Report } from "./target.ts";
import { watchUnhandled } from "./unhandled.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How a promise ended. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** A case says that there is nothing to see here, although the implementation has what the case needs. */
export class Skip extends Error {
  override readonly name = "Skip";
}

interface Sleeper {
  readonly sleep?: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

interface Nest {
  readonly taskGroup?: (...args: never[]) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/**
 * One run of one case: the implementation, a virtual clock, a log, and what the case may look at. What an implementation
 * doesn't have itself but can be derived from the rest is here: `sleep`, `nested`, `isCancelled`.
 */
export class Trial {
  readonly api: Surface;
  readonly clock: VirtualClock = new VirtualClock();
  /** Lines of the form `10 text`, in the order in which they were said; the number is the virtual time in ms. */
  readonly log: string[] = [];
  /** What the implementation handed to its runtime's reporter. */
  readonly reports: Report[] = [];
  private readonly rejections: unknown[] = [];
  private readonly controllers: CountingController[] = [];
  private readonly undo: (() => void)[] = [];

  constructor(target: ConformanceTarget) {
    this.api = target.api as unknown as Surface;
    this.undo.push(watchUnhandled((reason) => void this.rejections.push(reason)));
    if (target.onReport !== undefined) this.undo.push(target.onReport((report) => void this.reports.push(report)));
  }

  /** Puts a line into the log. */
  say(text: string): void {
    this.log.push(`${this.clock.now()} ${text}`);
  }

  /** A controller whose signal's listeners are counted. One that is left at the end of the case fails it. */
  controller(): CountingController {
    const controller = new CountingController();
    this.controllers.push(controller);
    return controller;
  }

  /** Calls back when the case is over, whatever its outcome. */
  afterwards(undo: () => void): void {
    this.undo.push(undo);
  }

  /** The unhandled rejections so far. They are the case's from now on: what it doesn't take fails it. */
  async takeUnhandled(): Promise<readonly unknown[]> {
    await this.clock.settle();
    return this.rejections.splice(0);
  }

  /** Waits for as long as the scope isn't cancelled; rejects with the reason of its signal if it is. */
  sleep(scope: Sleeper, ms: number): Promise<void> {
    if (typeof scope.sleep === "function") return scope.sleep(ms);
    const { signal } = scope;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const cancelled = (): void => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", cancelled);
        resolve();
      }, ms);
      signal.addEventListener("abort", cancelled, { once: true });
    });
  }

  /** Opens a group that is cancelled with the scope. */
  get nested(): (scope: Nest, ...args: unknown[]) => Promise<unknown> {
    return (scope, ...args) => {
      if (typeof scope.taskGroup === "function")
        return (scope.taskGroup as (...args: unknown[]) => Promise<unknown>)(...args);
      const body = args.pop();
      const options = { signal: scope.signal, ...(args[0] as object | undefined) };
      return (this.api.taskGroup as unknown as (options: object, body: unknown) => Promise<unknown>)(options, body);
    };
  }

  isCancelled(scope: { readonly isCancelled?: () => boolean; readonly signal: AbortSignal }): boolean {
    return typeof scope.isCancelled === "function" ? scope.isCancelled() : scope.signal.aborted;
  }

  /** How a promise ends, as a value. */
  async outcome(promise: PromiseLike<unknown>): Promise<Outcome> {
    try {
      return { value: await promise };
    } catch (error) {
      return { error };
    }
  }

  /** A promise that the case settles itself. */
  deferred<T = void>(): {
    readonly promise: Promise<T>;
    readonly resolve: (value: T) => void;
    readonly reject: (error: unknown) => void;
  } {
    let resolve!: (value: T) => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<T>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    });
    return { promise, resolve, reject };
  }

  /** Nothing can be said: the case is skipped, with the reason. */
  skip(reason: string): never {
    throw new Skip(reason);
  }

  /** Called by whoever runs the case: under virtual time, with a look at what is left behind. */
  async run(program: (trial: Trial) => Promise<void>): Promise<void> {
    try {
      await this.clock.run(() => program(this));
      const [unhandled] = await this.takeUnhandled();
      if (unhandled !== undefined) throw new CheckFailed(`an unhandled rejection was left: ${show(unhandled)}`);
      check(this.clock.timers === 0, `no timer should be left, but ${this.clock.timers} are`);
      const listeners = this.controllers.reduce((sum, { listeners: count }) => sum + count, 0);
      check(listeners === 0, `no listener should be left on a signal, but ${listeners} are`);
    } finally {
      for (const undo of this.undo.reverse()) undo();
    }
  }
}
