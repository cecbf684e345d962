import { type Place, settleHere } from "./block.ts";
import { cancel, type CancelScope } from "./cancel-scope.ts";
import { cancellationTime, namesOf } from "./drain.ts";
import { CancelledError } from "./errors.ts";
import { nodesOf } from "./linked-list.ts";
import type { Cancellable, DetachedTask, TaskScope } from "./scope.ts";
import { recordOf } from "./scope-handle.ts";
import { type BackgroundTaskOptions, RestartWait, Service } from "./service.ts";
import { infoOf } from "./task-info.ts";
import { TaskGroupScope } from "./task-group.ts";
import { taskPromise } from "./task-promise.ts";
import type { TaskRecord } from "./task.ts";
import { Timer } from "./timer.ts";
import { checkDuration } from "./wait.ts";

/** How a set of background tasks ends. */
export interface ShutdownOptions {
  /** Ms in which the tasks may end by themselves; then they are cancelled. Default: 0. */
  cancelAfter?: number | undefined;
  /** Ms after the cancellation at which nobody waits for them any longer. Default: never. */
  abandonAfter?: number | undefined;
}

/** A group without a body in which each member stands for itself (CO-6). */
export class BackgroundTasksScope extends TaskGroupScope {
  private closed: Promise<void> | undefined;
  private isShutDown = false;
  private cancelAt = Infinity;
  private canceller: Timer | undefined;
  private abandonsAfter = Infinity;
  private abandoner: Timer | undefined;

  constructor(place: Place, { name, timeout }: Cancellable, viewOf: TaskGroupScope["viewOf"]) {
    super(place, { name, timeout, memberCancel: true }, viewOf);
    this.whenLeft = () => this.left();
  }

  protected override get defaultName(): string {
    return "BackgroundTasks";
  }

  get isClosing(): boolean {
    return this.phase !== "open";
  }

  /** Where it ended because it was cancelled, who adds to it learns of the cancellation and made no mistake (LC-4). */
  protected override get isFinished(): boolean {
    return this.isShutDown && this.hasEnded;
  }

  add(fn: (task: TaskScope) => unknown, options: BackgroundTaskOptions): DetachedTask<void> {
    try {
      const service = new Service(fn, options, this.viewOf);
      const { name } = options;
      const task = this.createTask((scope) => service.run(recordOf(scope) as TaskRecord, this), { name });
      return taskPromise(
        task.then(() => {}),
        task,
      );
    } catch (mistake) {
      // What returns a promise rejects on bad arguments (LC-1).
      const id = ++this.runtime.lastId;
      const name = typeof options?.name === "string" ? options.name : `Task-${id}`;
      const task = { id, name, path: [...this.path, name], state: "failed" as const, cancel: () => false };
      return taskPromise(Promise.reject(mistake), task);
    }
  }

  /** Nothing of it is kept, and nobody else is cancelled for it. */
  override memberSettled(): void {}

  shutdown({ cancelAfter = 0, abandonAfter = Infinity }: ShutdownOptions): Promise<void> {
    checkDuration(cancelAfter);
    checkDuration(abandonAfter);
    this.isShutDown = true;
    const closed = this.close();
    if (this.isOver) return closed;
    if (abandonAfter < this.abandonsAfter) {
      this.abandonsAfter = abandonAfter;
      if (this.isCancelled) this.setAbandoner();
    }
    const when = this.runtime.adapter.now() + cancelAfter;
    if (when < this.cancelAt && !this.isCancelled) {
      this.cancelAt = when;
      this.canceller?.clear();
      if (cancelAfter === 0) this.stop("was shut down");
      else this.canceller = new Timer(this.runtime, cancelAfter, () => this.stop("was shut down"));
    }
    return closed;
  }

  private stop(why: string): void {
    if (!this.isOver) cancel(this, new CancelledError(`${this.title} ${why}`));
  }

  override onCancelled(origin: CancelScope): void {
    super.onCancelled(origin);
    this.setAbandoner();
    // Nothing can begin in it any more: it ends without a shutdown(). On a microtask, for it may be opening at this moment.
    if (this.closed === undefined) void Promise.resolve().then(() => this.closeUnasked());
  }

  private setAbandoner(): void {
    if (this.abandonsAfter === Infinity) return;
    this.abandoner?.clear();
    const when = cancellationTime(this) + this.abandonsAfter;
    const ms = Math.max(0, when - this.runtime.adapter.now());
    this.abandoner = new Timer(this.runtime, ms, () => this.giveUp());
  }

  /** The function of the scope that it is nested under has ended without a shutdown(). */
  private left(): void {
    const alive = [...this.members()].map(infoOf);
    if (alive.length > 0) {
      const text = `${this.title} was left without shutdown(): cancelled ${namesOf(alive)}`;
      this.runtime.adapter.reportWarning(text, alive);
    }
    this.isShutDown = true;
    this.closeUnasked();
    this.stop("was left without shutdown()");
  }

  /** Nobody holds the promise, and what it rejects with mustn't be lost. */
  private closeUnasked(): void {
    if (this.closed !== undefined) return;
    this.close().catch((error: unknown) => this.runtime.adapter.reportError(error, infoOf(this)));
  }

  private close(): Promise<void> {
    this.closed ??= this.waitForAll();
    return this.closed;
  }

  private async waitForAll(): Promise<void> {
    this.phase = "closing";
    for (const task of this.members()) {
      for (const wait of [...nodesOf(task.waits)]) if (wait instanceof RestartWait) wait.over();
    }
    // Asked for before the body counts as settled, which may be the end.
    const over = this.isOver ? undefined : this.whenOver();
    this.bodySettled("done", undefined);
    await over;
    this.canceller?.clear();
    this.abandoner?.clear();
    settleHere(this, () => this.outcome());
  }

  /** A cancellation isn't its failure, and a service's was its `onError`'s to hear. */
  protected override result(): unknown {
    if (this.abandoned !== undefined) throw this.abandoned;
    return undefined;
  }
}
