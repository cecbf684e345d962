import { notify } from "./instruments.ts";
import { append, type Linked, nodesOf, remove } from "./linked-list.ts";
import { Rare } from "./rare.ts";
import type { Tie } from "./runtime-adapter.ts";
import type { RuntimeState } from "./runtime.ts";
import { adoptSignal } from "./signal-hub.ts";
import type { TaskInfo } from "./task-info.ts";
import type { Wait } from "./wait.ts";
import { COPY, LIVE, type Waitable } from "./waitable.ts";

export type ScopeKind = "root" | "group" | "task" | "run" | "deadline" | "shield";

/**
 * A node of the tree that cancellation travels (CA-1): a task, or a block that runs a body. It is a plain object, not an
 * AbortController: making one costs microseconds, and a listener per node on a common signal is quadratic.
 */
export abstract class CancelScope implements Waitable, TaskInfo, Linked<CancelScope> {
  declare readonly runtime: RuntimeState;
  declare parent: CancelScope | undefined;
  declare readonly id: number;
  declare readonly label: string | undefined;
  /** Why it was cancelled, or LIVE. The first reason stays (CA-5). */
  declare reason: unknown;
  declare children: CancelScope | undefined;
  declare prev: CancelScope | undefined;
  declare next: CancelScope | undefined;
  declare waits: Wait | undefined;
  declare rare: Rare | undefined;
  /** When it began, in `runtime.time()`. */
  declare since: number | undefined;

  constructor(runtime: RuntimeState, parent: CancelScope | undefined, label: string | undefined) {
    if (label !== undefined && typeof label !== "string") throw new TypeError("a name must be a string");
    this.runtime = runtime;
    this.parent = parent;
    this.id = ++runtime.lastId;
    this.label = label;
    this.reason = parent === undefined ? LIVE : parent.reason;
    this.children = undefined;
    this.prev = undefined;
    this.next = undefined;
    this.waits = undefined;
    this.rare = undefined;
    this.since = undefined;
  }

  abstract readonly kind: ScopeKind;
  /** A child has been taken out of the tree. */
  abstract childEnded(child: CancelScope): void;
  /** It runs something itself; it doesn't merely wait for its children. */
  abstract get isBusy(): boolean;
  /** It, or the nearest group above that says, was given `debug`. */
  abstract readonly isDebug: boolean;
  /** Where it stands, in a word for reports. */
  abstract readonly state: string;

  get name(): string {
    return this.label ?? `${this.defaultName}-${this.id}`;
  }

  get path(): readonly string[] {
    const names: string[] = [];
    let at: CancelScope | undefined = this;
    for (; at.parent !== undefined && at.formerPath === undefined; at = at.parent) names.push(at.name);
    return [...(at.formerPath ?? []), ...names.reverse()];
  }

  /** Where it was, of a block that was abandoned: it has been moved since. */
  get formerPath(): readonly string[] | undefined {
    return undefined;
  }

  protected get defaultName(): string {
    return "Task";
  }

  /** How messages name it. */
  get title(): string {
    return `${this.kind} "${this.name}"`;
  }

  /** How reports name it that have nothing else to tell it from others of its name: the members of a map are numbers. */
  get titleAndPath(): string {
    const { path } = this;
    return path.length > 1 ? `${this.title} (${path.join(" > ")})` : this.title;
  }

  get createdAt(): string | undefined {
    return this.rare?.createdAt;
  }

  /** Its rare state, made for the first of it. */
  get own(): Rare {
    this.rare ??= new Rare();
    return this.rare;
  }

  get isCancelled(): boolean {
    return this.reason !== LIVE;
  }

  /** The same for every scope of this copy of the library, and for no other's (DX-8). */
  get copy(): typeof COPY {
    return COPY;
  }

  /** It is in no tree any more: nothing of it runs, and nothing may begin under it. */
  get hasEnded(): boolean {
    return this.next === undefined;
  }

  /** It has nothing left to cancel, and is about to leave the tree. */
  get isSettled(): boolean {
    return false;
  }

  /** Has to hear of its cancellation even if nobody waits on it. */
  get isBlock(): boolean {
    return false;
  }

  /** Ends a block that waits for its owner to end it, once the owner has gone; undefined for everything else. */
  get leave(): (() => void) | undefined {
    return undefined;
  }

  /** The group's own `isCancellation`; it holds for everything under the group. */
  get cancellationTest(): ((error: unknown, reason: unknown) => boolean) | undefined {
    return undefined;
  }

  /** What tells whether it may be used by the caller; of the outermost block that it is under. */
  get tie(): Tie | undefined {
    return this.parent?.tie;
  }

  /** Outer cancellation stops here (CA-11). */
  get isShield(): boolean {
    return false;
  }

  /** A platform signal, made when it is first asked for (CA-2). */
  get signal(): AbortSignal {
    if (this.own.controller === undefined) {
      const { adapter } = this.runtime;
      const controller = adapter.createAbortController();
      this.own.controller = controller;
      adoptSignal(controller.signal, this);
      adapter.prepareSignal?.(controller.signal);
      if (this.reason !== LIVE) controller.abort(this.reason);
    }
    return this.own.controller.signal;
  }

  /** Enters the tree. A scope is in it before its function is called, so that no cancellation can miss it. */
  link(): void {
    const parent = this.parent as CancelScope;
    parent.children = append(parent.children, this);
  }

  /** Leaves the tree: nothing of the scope is waiting, running or scheduled any more (CA-9). */
  unlink(): void {
    const parent = this.parent as CancelScope;
    parent.children = remove(parent.children, this);
    this.dropWaits();
    parent.childEnded(this);
  }

  addWait(wait: Wait): void {
    this.waits = append(this.waits, wait);
  }

  dropWait(wait: Wait): Wait {
    this.waits = remove(this.waits, wait);
    return wait;
  }

  /** Ends the waits that somebody left behind. */
  protected dropWaits(): void {
    while (this.waits !== undefined) this.dropWait(this.waits).scopeEnded();
  }

  /**
   * Called once, when the whole cancelled subtree has been marked and the waits of this scope have been told. `origin` is
   * the scope that the cancellation began with.
   */
  onCancelled(_origin: CancelScope): void {}
}

/**
 * Cancels a scope and everything under it that no shield protects. All are marked first, then told: members in the order
 * of their creation, then the body, so that nobody who is told ever sees a sibling that isn't cancelled yet (FF-1).
 */
export function cancel(origin: CancelScope, reason: unknown): void {
  if (origin.reason !== LIVE) return;
  origin.reason = reason;
  origin.own.cancelledAt = origin.runtime.adapter.now();
  const marked: CancelScope[] = [];
  let at = origin;
  let child = at.children;
  for (;;) {
    if (child !== undefined) {
      if (child.reason === LIVE && !child.isShield && !child.isSettled) {
        child.reason = reason;
        at = child;
        child = at.children;
      } else {
        child = nextSibling(child);
      }
      continue;
    }
    if (at.waits !== undefined || at.rare?.controller !== undefined || at.isBlock) marked.push(at);
    if (at === origin) break;
    child = nextSibling(at);
    at = at.parent as CancelScope;
  }
  if (origin.runtime.isWatched) notify("onCancel", origin, reason);
  for (const scope of marked) {
    while (scope.waits !== undefined) scope.dropWait(scope.waits).cancelled(reason);
    scope.rare?.controller?.abort(reason);
    scope.onCancelled(origin);
  }
}

/**
 * The scope's own function has ended: nobody is left to join or to iterate what it opened, if nothing else runs under it.
 * Without this a forgotten `join()` would hold up its parent for ever.
 */
export function leaveOwned(scope: CancelScope): void {
  const { own } = scope;
  // What is left ends, at once if nothing runs in it, and its end comes here again.
  if (own.isLeaving) return;
  for (const child of childrenOf(scope)) if (child.leave === undefined) return;
  own.isLeaving = true;
  for (const child of [...childrenOf(scope)]) child.leave?.();
  own.isLeaving = false;
}

function nextSibling(scope: CancelScope): CancelScope | undefined {
  const next = scope.next as CancelScope;
  return next === (scope.parent as CancelScope).children ? undefined : next;
}

/** The children in the order of their creation. Safe to leave early, not to change the tree meanwhile. */
export function childrenOf(scope: CancelScope): Generator<CancelScope, void, undefined> {
  return nodesOf(scope.children);
}
