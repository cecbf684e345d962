import { type Block, type Place, runBlock } from "./block.ts";
import { cancel } from "./cancel-scope.ts";
import { DeadlineBlock } from "./deadline.ts";
import { CancelledError } from "./errors.ts";
import { notify } from "./instruments.ts";
import type { Cancellable, DetachedTask, MaybePromise, TaskScope, TaskState } from "./scope.ts";
import { taskPromise } from "./task-promise.ts";
import { checkDuration } from "./wait.ts";

/** A task outside any group. asyncio: create_task; the name says what it gives up (CO-5). */
class DetachedBlock extends DeadlineBlock {
  override readonly kind = "task";
  hasStarted = false;

  constructor(place: Place, { name, timeout = Infinity }: Cancellable) {
    checkDuration(timeout);
    super(place, (now) => now + timeout, { name });
  }

  protected override get defaultName(): string {
    return "Task";
  }

  override get state(): TaskState {
    if (this.body === "running" && !this.hasStarted) return "pending";
    return this.timedOut && this.isOver ? "failed" : this.body; // with a TimeoutError
  }

  override get isBusy(): boolean {
    return this.state === "running";
  }

  override open(): void {
    super.open();
    this.runtime.observe();
    if (this.runtime.isWatched) notify("onTaskCreate", this);
  }

  start(): void {
    this.hasStarted = true;
    if (this.runtime.isWatched) notify("onTaskStart", this);
  }

  override outcome(): unknown {
    try {
      const value = super.outcome();
      if (this.runtime.isWatched) notify("onTaskEnd", this, { status: "fulfilled", value }, "done");
      return value;
    } catch (reason) {
      const state = this.state === "cancelled" ? "cancelled" : "failed";
      if (this.runtime.isWatched) notify("onTaskEnd", this, { status: "rejected", reason }, state);
      throw reason;
    }
  }

  cancel(reason: unknown): boolean {
    if (this.isOver) return false;
    this.tie?.(this);
    cancel(this, new CancelledError(`${this.title} was cancelled`, reason === undefined ? {} : { cause: reason }));
    return true;
  }
}

/** Its turn among what is ready to start. */
function turnOf({ runtime: { adapter } }: DetachedBlock): Promise<void> | undefined {
  return adapter.defer && new Promise((resolve) => adapter.defer?.(resolve));
}

/** Starts a task that belongs to no group: nobody waits for it, and its failure is its promise's. */
export function detach<T>(
  root: Place,
  place: () => Place,
  fn: (scope: TaskScope) => MaybePromise<T>,
  options: Cancellable,
  viewOf: (block: Block) => TaskScope,
): DetachedTask<T> {
  const { runtime } = root;
  let block: DetachedBlock;
  try {
    if (typeof fn !== "function") throw new TypeError(`detach needs a function, not ${typeof fn}`);
    block = new DetachedBlock(place(), options);
  } catch (mistake) {
    // What returns a promise rejects on bad arguments (LC-1); a task that fails with the mistake does that.
    block = new DetachedBlock(root, {});
    fn = () => Promise.reject(mistake);
  }
  const { contextStorage } = runtime.adapter;
  const started = runBlock(
    () => block,
    async () => {
      await turnOf(block); // starts on a microtask, as a member does
      if (block.isCancelled) throw block.reason;
      block.start();
      const view = viewOf(block);
      return contextStorage === undefined ? fn(view) : contextStorage.run(block, () => fn(view));
    },
  );
  // A cancellation that nobody waits for is nobody's error. A failure that nobody observes is the runtime's to report.
  started.catch(() => {
    if (block.state === "cancelled" && !block.timedOut) promise.catch(() => {});
  });
  const promise = started.then((value) => value) as Promise<T>;
  return taskPromise(promise, block);
}
