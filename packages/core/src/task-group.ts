import { type Abandonment, Block, graceOf, type Place } from "./block.ts";
import { cancel, type CancelScope, childrenOf, leaveOwned } from "./cancel-scope.ts";
import type { CancellationTest } from "./cancellation.ts";
import { Cleanups } from "./cleanups.ts";
import { Drain, reportLate } from "./drain.ts";
import { CancelledError, InvalidStateError } from "./errors.ts";
import { Expiry } from "./expiry.ts";
import { FailureList, isFatal } from "./failure-list.ts";
import { checkOptions } from "./group-options.ts";
import { Idle } from "./idle.ts";
import { notify } from "./instruments.ts";
import { outcomeOf, unseenOutcome } from "./outcome.ts";
import type { TaskGroupOptions, TaskOptions, TaskScope } from "./scope.ts";
import { StartQueue } from "./start-queue.ts";
import { infoOf } from "./task-info.ts";
import { TaskRecord } from "./task.ts";

/** The group itself: who is in it, who failed, when it is over. What users hold is a view over it. */
export class TaskGroupScope extends Block {
  override readonly kind = "group";
  /** Foreground members that haven't ended. */
  size = 0;
  /** Makes the scope that a member's function gets. Given in from outside: the views know the groups, not the reverse. */
  readonly viewOf: (scope: TaskRecord | Block) => TaskScope;
  private readonly options: TaskGroupOptions;
  private readonly queue: StartQueue;
  protected failures: FailureList = new FailureList();
  private readonly expiry: Expiry | undefined;
  protected readonly deferred: Cleanups = new Cleanups();
  /** Once it is no longer open, nobody joins any more: a set of background tasks has shut down, or the cleanups have begun. */
  protected phase: "open" | "closing" | "cleaning" | "cleaned" = "open";
  /** The body or a foreground member ended cancelled by what cancelled the group. */
  protected isCutShort = false;
  private readonly idlers: Idle[] = [];
  private isBodyCounted = false;
  private ignored: WeakSet<TaskRecord> | undefined;
  private memberDrains: Map<TaskRecord, Drain> | undefined;
  /** Of a group without a body: what ends it when its owner has gone. */
  whenLeft: (() => void) | undefined;
  private calledAt: string | undefined;

  constructor(place: Place, options: TaskGroupOptions, viewOf: TaskGroupScope["viewOf"]) {
    checkOptions(options);
    super(place, options.name, options);
    this.viewOf = viewOf;
    this.options = options;
    this.isDebug = options.debug ?? this.isDebug;
    this.queue = new StartQueue(options.limit ?? Infinity);
    if (options.timeout !== undefined) this.expiry = new Expiry(this);
  }

  protected override get defaultName(): string {
    return "TaskGroup";
  }

  override get title(): string {
    return `${this.defaultName} "${this.name}"`;
  }

  override get isBusy(): boolean {
    return super.isBusy || this.phase === "cleaning";
  }

  override get leave(): (() => void) | undefined {
    return this.body === "running" ? this.whenLeft : undefined;
  }

  override get cancellationTest(): CancellationTest | undefined {
    return this.options.isCancellation;
  }

  override open(): void {
    super.open();
    this.runtime.observe();
    if (this.runtime.isWatched) notify("onGroupOpen", this);
    this.expiry?.begin(this.expiry.start + (this.options.timeout as number));
  }

  /** Nobody can be added any more, not even to be cancelled on arrival (LC-2). */
  protected get isFinished(): boolean {
    return this.hasEnded;
  }

  createTask(fn: TaskRecord["fn"], options?: TaskOptions): TaskRecord {
    if (typeof fn !== "function") throw new TypeError(`createTask needs a function, not ${typeof fn}`);
    this.tie?.(this);
    if (this.isFinished) throw new InvalidStateError(`${this.title} is finished`);
    const task = new TaskRecord(this, fn, options?.name, options?.background === true);
    if (this.isDebug) task.own.createdAt = this.calledAt ?? new Error(`task "${task.name}" was created here`).stack;
    if (this.runtime.isWatched) notify("onTaskCreate", task, infoOf(this));
    if (this.isCancelled || this.phase !== "open") {
      if (this.runtime.isWatched) notify("onDeadOnArrival", task);
      task.reason = this.isCancelled ? this.reason : new CancelledError(`${this.title} is finishing`);
      // What the deadline kept from starting is missing from the result (OUT-4).
      if (this.isCancelled && !task.isBackground) this.isCutShort = true;
      task.dieOnArrival();
    } else {
      task.link();
      if (!task.isBackground) this.size++;
      this.queue.add(task, options?.eager === true);
    }
    return task;
  }

  /** Whoever calls the caller creates the members (DX-5): the frames of each would be all the library's. */
  calledHere(): void {
    if (this.isDebug) this.calledAt = new Error(`the tasks of ${this.title} were created here`).stack;
  }

  start(fn: (task: TaskScope, started: (value: unknown) => void) => unknown, options?: TaskOptions): Promise<unknown> {
    const ready = new Promise((resolve, reject) => {
      if (typeof fn !== "function") throw new TypeError(`start needs a function, not ${typeof fn}`);
      const task = this.createTask((scope) => fn(scope, started), { ...options, eager: false });
      const { own } = task;
      const started = (value: unknown): void => {
        if (own.starting === undefined) {
          const when = task.settled() === undefined ? "twice" : "after it had ended";
          throw new InvalidStateError(`task "${task.name}" called started() ${when}`);
        }
        own.starting = undefined;
        resolve(value);
      };
      own.starting = () => {
        own.starting = undefined;
        const { state, value } = task;
        reject(state === "done" ? new InvalidStateError(`task "${task.name}" ended without calling started()`) : value);
        // A start that was merely cancelled is nobody's error: nobody has to listen.
        if (state === "cancelled") void Promise.resolve().then(() => ready.catch(() => {}));
      };
      if (task.state === "cancelled") own.starting();
    });
    return ready;
  }

  /** Asked by `task.cancel()`. */
  cancelMember(task: TaskRecord, reason: unknown): boolean {
    this.tie?.(task);
    if (task.settled() !== undefined) return false;
    if (this.options.memberCancel !== true) {
      this.ignored ??= new WeakSet();
      if (!this.ignored.has(task) && this.runtime.isWatched) notify("onIgnoredCancel", task);
      this.ignored.add(task);
      return false;
    }
    cancel(task, new CancelledError(`task "${task.name}" was cancelled`, causedBy(reason)));
    if (task.state === "pending") {
      task.settle("cancelled", undefined);
    } else {
      this.memberDrains ??= new Map();
      if (!this.memberDrains.has(task)) this.memberDrains.set(task, new Drain(task, graceOf(task)));
    }
    return true;
  }

  /** A member's function has ended. The failure is recorded before anybody is cancelled: the first error is the real one (FF-5). */
  memberSettled(task: TaskRecord): void {
    const { state, value } = task;
    if (state === "cancelled" && value === this.reason && !task.isBackground) this.isCutShort = true;
    if (task.rare?.starting !== undefined) return task.rare.starting();
    if (this.abandoned !== undefined) {
      if (task.rare?.isAbandoned || state === "failed") reportLate(task, state, value, true);
      return;
    }
    if (state === "cancelled") return;
    if (state === "failed") this.memberFailed(task, value);
    const { policy } = this.options;
    if (policy === undefined || task.isBackground) return;
    try {
      const outcome = task.settled() as PromiseSettledResult<unknown>;
      if (policy.onSettled({ ...infoOf(task), outcome }) === "close")
        this.cancel(state === "failed" ? value : undefined);
    } catch (error) {
      this.fail(error, undefined);
    }
  }

  private memberFailed(task: TaskRecord, error: unknown): void {
    const { failFast, onFailure, policy } = this.options;
    if (isFatal(error)) return this.fail(error, task);
    if (onFailure !== undefined) {
      try {
        const handled: unknown = onFailure(error, infoOf(task));
        // An async handler's own failure counts as one that throws, as long as there is a group to cancel.
        Promise.resolve(handled).catch((thrown: unknown) => {
          if (this.hasEnded) this.runtime.adapter.reportError(thrown, infoOf(task));
          else this.fail(thrown, task);
        });
      } catch (thrown) {
        this.fail(thrown, task);
      }
    } else if (failFast === false || (policy !== undefined && !task.isBackground)) {
      this.failures.add(error, task);
    } else {
      this.fail(error, task);
    }
  }

  private fail(error: unknown, task: TaskRecord | undefined): void {
    this.failures.add(error, task);
    this.cancelBecause(`${task === undefined ? "the policy" : `task "${task.name}"`} failed in ${this.title}`, error);
  }

  private cancelBecause(message: string, cause: unknown): void {
    if (!this.isCancelled) cancel(this, new CancelledError(message, causedBy(cause)));
  }

  cancel(reason?: unknown): void {
    this.tie?.(this);
    if (!this.hasEnded) this.cancelBecause(`${this.title} was cancelled`, reason);
  }

  override run(body: () => unknown): Promise<void> {
    const checked = (): unknown => {
      const result = body();
      if (result instanceof TaskRecord && result.isBackground && result.group === this) {
        throw new InvalidStateError(`the body of ${this.title} returned the background task "${result.name}"`);
      }
      return result;
    };
    return this.queue.holdDuring(() => super.run(checked));
  }

  override bodySettled(state: "done" | "failed" | "cancelled", value: unknown): void {
    if (state === "cancelled") this.isCutShort = true;
    // Cancelled first: once the body counts as settled, the last member to go ends the group.
    if (state === "failed") this.cancelBecause(`the body of ${this.title} failed`, value);
    super.bodySettled(state, value);
  }

  override childEnded(child: CancelScope): void {
    if (child instanceof TaskRecord && child.group === this) {
      this.memberDrains?.get(child)?.stop();
      this.memberDrains?.delete(child);
      if (!child.isBackground) this.size--;
      if (child.slot === "held") this.queue.release();
      if (this.size === 0) for (const idle of this.idlers.splice(0)) idle.over();
    }
    this.endIfIdle();
  }

  override onCancelled(origin: CancelScope): void {
    super.onCancelled(origin);
    if (this.queue.isEmpty) return;
    for (const child of [...childrenOf(this)]) {
      if (child instanceof TaskRecord && child.state === "pending") child.settle("cancelled", undefined);
    }
  }

  idle(): Promise<void> {
    return new Promise((resolve, reject) => {
      const idle = new Idle(this, resolve, reject);
      if (this.size === 0) idle.over();
      else this.idlers.push(idle);
    });
  }

  /** Where cleanups are put; throws once it is too late for them. */
  get cleanups(): Cleanups {
    if (this.hasEnded) throw new InvalidStateError(`${this.title} is finished`);
    return this.deferred;
  }

  protected override endIfIdle(): void {
    if (this.body === "running" || this.phase === "cleaning") return;
    if (this.children !== undefined) return this.settleIfNobodyIsLeft();
    this.countBody();
    if (!this.deferred.isEmpty) this.cleanUp();
    else this.end();
  }

  /** The body comes after the members and before the cleanups (OUT-2). */
  private countBody(): void {
    if (this.body === "failed" && !this.isBodyCounted && !this.isOver) this.failures.add(this.value);
    this.isBodyCounted = true;
  }

  override giveUp(error?: Abandonment): void {
    this.countBody();
    super.giveUp(error);
  }

  private settleIfNobodyIsLeft(): void {
    if (this.size > 0) return;
    let hasBackground = false;
    for (const child of childrenOf(this)) {
      if (child instanceof TaskRecord && child.isBackground) {
        if (this.isCancelled) return; // they are on their way out, each of which comes here
        hasBackground = true;
      } else if (child.leave === undefined) return;
    }
    if (hasBackground) this.cancelBecause(`${this.title} has only background tasks left`, undefined);
    else leaveOwned(this);
  }

  private cleanUp(): void {
    this.phase = "cleaning";
    const failed = (error: unknown): void => this.collect(error);
    void this.deferred.run(failed, () => {
      this.phase = "cleaned";
      this.endIfIdle();
    });
  }

  /** Keeps a failure that isn't a member's end, as long as it can still come out of the block. */
  protected collect(error: unknown, task?: TaskRecord): void {
    if (this.isOver) this.runtime.adapter.reportError(error, infoOf(task ?? this));
    else this.failures.add(error, task);
  }

  /** The members that haven't ended. */
  *members(): Generator<TaskRecord, void, undefined> {
    for (const child of [...childrenOf(this)]) if (child instanceof TaskRecord) yield child;
  }

  override outcome(): unknown {
    return this.settle(() => this.result());
  }

  /** OUT. */
  protected result(): unknown {
    const { failures, isCutShort } = this;
    return outcomeOf(this, { failures, expired: this.expiry?.error, isCutShort, policy: this.options.policy });
  }

  /** The outcome of an open group that was left without `join()`. */
  unjoinedOutcome(): unknown {
    return this.settle(() => unseenOutcome(this, this.failures));
  }

  private settle(outcome: () => unknown): unknown {
    let result: PromiseSettledResult<unknown> | undefined;
    try {
      const value = outcome();
      result = { status: "fulfilled", value };
      return value;
    } catch (reason) {
      result = { status: "rejected", reason };
      throw reason;
    } finally {
      if (this.runtime.isWatched && result !== undefined) notify("onGroupClose", this, result);
      // LC-7: a handle keeps its group alive, and the group would keep everybody's errors.
      this.value = undefined;
      this.failures = new FailureList();
    }
  }
}

function causedBy(cause: unknown): ErrorOptions {
  return cause === undefined ? {} : { cause };
}
