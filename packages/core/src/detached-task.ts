import { Block, type Place, runBlock } from "./block.ts";
import { cancel, LIVE } from "./cancel-scope.ts";
import { CancelledError } from "./errors.ts";
import { Expiry } from "./expiry.ts";
import type { Cancellable, DetachedTask, MaybePromise, TaskScope, TaskState } from "./scope.ts";
import { checkDuration } from "./wait.ts";

/** A task outside any group. asyncio: create_task; the name says what it gives up (CO-5). */
class DetachedBlock extends Block {
  override readonly kind = "task";
  state: TaskState = "pending";
  readonly #expiry: Expiry = new Expiry(this);
  readonly #timeout: number | undefined;

  constructor(place: Place, { name, timeout }: Cancellable) {
    if (timeout !== undefined) checkDuration(timeout);
    super(place, name, {});
    this.#timeout = timeout;
  }

  override open(): void {
    super.open();
    if (this.#timeout !== undefined) this.#expiry.after(this.#timeout);
  }

  override get isBusy(): boolean {
    return this.state === "running";
  }

  cancel(reason: unknown): boolean {
    if (this.isOver) return false;
    if (!this.isCancelled) {
      cancel(this, new CancelledError(`${this.title} was cancelled`, reason === undefined ? {} : { cause: reason }));
    }
    return true;
  }

  override bodySettled(state: "done" | "failed" | "cancelled", value: unknown): void {
    this.state = state;
    super.bodySettled(state, value);
  }

  protected override end(): void {
    this.#expiry.clear();
    super.end();
  }

  override outcome(): unknown {
    if (this.body === "done") return this.value;
    if (this.body === "failed") throw this.value;
    if (this.outside !== LIVE) throw this.outside;
    this.made = this.#expiry.error;
    throw this.made ?? this.reason;
  }
}

/** Starts a task that belongs to no group: nobody waits for it, and its failure is its promise's. */
export function detach<T>(
  place: Place,
  fn: (scope: TaskScope) => MaybePromise<T>,
  options: Cancellable,
  viewOf: (block: Block) => TaskScope,
): DetachedTask<T> {
  if (typeof fn !== "function") throw new TypeError(`detach needs a function, not ${typeof fn}`);
  const block = new DetachedBlock(place, options);
  const { contextStorage } = place.runtime.adapter;
  const started = runBlock(
    () => block,
    async () => {
      await Promise.resolve(); // starts on a microtask, as a member does
      if (block.isCancelled) throw block.reason;
      block.state = "running";
      const view = viewOf(block);
      return contextStorage === undefined ? fn(view) : contextStorage.run(block, () => fn(view));
    },
  );
  // A cancellation that nobody waits for is nobody's error. A failure that nobody observes is the runtime's to report.
  started.catch(() => {
    if (block.state === "cancelled") promise.catch(() => {});
  });
  const promise = started.then((value) => value) as Promise<T>;
  const own = <V>(get: () => V): PropertyDescriptor => ({ get, enumerable: true });
  return Object.defineProperties(promise, {
    id: own(() => block.id),
    name: own(() => block.name),
    path: own(() => block.path),
    state: own(() => block.state),
    cancel: { value: (reason?: unknown) => block.cancel(reason) },
  }) as DetachedTask<T>;
}
