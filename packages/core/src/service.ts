import { Block } from "./block.ts";
import { cancel } from "./cancel-scope.ts";
import { CancelledError } from "./errors.ts";
import { isFatal } from "./failure-list.ts";
import { inOwnContext } from "./own-context.ts";
import { type Restart, RestartRule } from "./restart.ts";
import type { TaskScope } from "./scope.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";
import type { TaskRecord } from "./task.ts";
import { Timer } from "./timer.ts";
import { Wait } from "./wait.ts";

/** What a background task is added with. */
export interface BackgroundTaskOptions {
  /** What reports and the tree call it. */
  name: string;
  /**
   * Takes each failure of each run, at once; nothing else does. What it throws, or rejects with, is reported, and changes
   * nothing. The task is that run, with a name and path that all of them share.
   */
  onError: (error: unknown, task: TaskInfo) => void;
  /** When it runs again. Default: never. */
  restart?: Restart | undefined;
}

/**
 * One run of a service: a scope of its own, so that all that it opened has ended before the next begins. To reports it is
 * the service once more, by name and path.
 */
class ServiceRun extends Block {
  override readonly kind = "run";
  private readonly onError: BackgroundTaskOptions["onError"];

  constructor(task: TaskRecord, onError: BackgroundTaskOptions["onError"]) {
    super({ runtime: task.runtime, parent: task, signals: [] }, task.name, {});
    this.onError = onError;
  }

  override get title(): string {
    return `task "${this.name}"`;
  }

  override get formerPath(): readonly string[] | undefined {
    return super.formerPath ?? this.parent?.path;
  }

  override get createdAt(): string | undefined {
    return this.parent?.createdAt;
  }

  override bodySettled(state: "done" | "failed" | "cancelled", value: unknown): void {
    if (state === "failed") {
      this.report(value);
      // What it left running would keep the next run waiting for ever.
      if (this.children !== undefined) cancel(this, new CancelledError(`${this.title} failed`, { cause: value }));
    }
    super.bodySettled(state, value);
  }

  private report(error: unknown): void {
    const info = infoOf(this);
    const failed = (thrown: unknown): void => this.runtime.adapter.reportError(thrown, info);
    try {
      const handled: unknown = this.onError(error, info);
      Promise.resolve(handled).catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }

  override outcome(): unknown {
    if (this.body !== "done") throw this.value;
    return this.value;
  }
}

/** The time between two runs. */
export class RestartWait extends Wait {
  private readonly timer: Timer;
  private readonly resolve: () => void;
  private readonly reject: (reason: unknown) => void;

  constructor(task: TaskRecord, ms: number, resolve: () => void, reject: (reason: unknown) => void) {
    super(task);
    this.resolve = resolve;
    this.reject = reject;
    this.timer = new Timer(task.runtime, ms, () => this.over());
  }

  override get waitsFor(): string {
    return "its restart";
  }

  over(): void {
    this.leave();
    this.timer.clear();
    this.resolve();
  }

  override cancelled(reason: unknown): void {
    this.timer.clear();
    this.reject(reason);
  }
}

/** A function that runs as a member of a set of background tasks, again and again if its rule says so (CO-6). */
export class Service {
  private readonly fn: (task: TaskScope) => unknown;
  private readonly onError: BackgroundTaskOptions["onError"];
  private readonly rule: RestartRule | undefined;
  private readonly viewOf: (run: Block) => TaskScope;

  constructor(fn: Service["fn"], options: BackgroundTaskOptions, viewOf: Service["viewOf"]) {
    if (typeof options !== "object" || options === null) throw new TypeError("add needs options: a name and onError");
    const { name, onError, restart } = options;
    if (typeof fn !== "function") throw new TypeError(`add needs a function, not ${typeof fn}`);
    if (typeof name !== "string") throw new TypeError(`add needs a name, a string, not ${typeof name}`);
    if (typeof onError !== "function") throw new TypeError(`add needs onError, a function, not ${typeof onError}`);
    this.fn = fn;
    this.onError = onError;
    this.rule = restart === undefined ? undefined : new RestartRule(restart);
    this.viewOf = viewOf;
  }

  /** What the member runs. Ends as the last run did, unless the wait for another was cancelled. */
  async run(task: TaskRecord, set: { readonly isClosing: boolean }): Promise<unknown> {
    const { adapter } = task.runtime;
    for (;;) {
      const began = adapter.now();
      const run = new ServiceRun(task, this.onError);
      run.open();
      void run.run(() => this.call(run));
      await run.whenOver();
      const wait = set.isClosing || task.isCancelled ? undefined : this.waitAfter(run, adapter.now() - began);
      if (wait === undefined) return run.outcome();
      await new Promise<void>((resolve, reject) => new RestartWait(task, wait, resolve, reject));
      if (set.isClosing) return run.outcome();
      if (task.isCancelled) throw task.reason;
    }
  }

  private call(run: ServiceRun): unknown {
    const fn = inOwnContext(run.runtime, this.fn);
    const view = this.viewOf(run);
    const { contextStorage } = run.runtime.adapter;
    return contextStorage === undefined ? fn(view) : contextStorage.run(run, () => fn(view));
  }

  /** Ms until the next run, or undefined if this one was the last. */
  private waitAfter(run: ServiceRun, lasted: number): number | undefined {
    const { rule } = this;
    if (rule === undefined) return undefined;
    if (run.body === "failed" ? isFatal(run.value) : rule.on !== "always") return undefined;
    const { adapter } = run.runtime;
    const wait = rule.next(adapter.now(), lasted, () => adapter.random?.() ?? Math.random());
    if (wait === undefined && rule.intensity !== undefined) {
      const { max, per } = rule.intensity;
      const restarts = `${max} restart${max === 1 ? "" : "s"} within ${per} ms`;
      adapter.reportWarning(`gave up ${run.titleAndPath} after ${restarts}`, [infoOf(run)]);
    }
    return wait;
  }
}
