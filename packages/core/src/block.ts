import { cancel, CancelScope, leaveOwned } from "./cancel-scope.ts";
import { isCancellation } from "./cancellation.ts";
import { Drain, reportLate, stragglersOf } from "./drain.ts";
import { AbandonedError } from "./errors.ts";
import type { Tie } from "./runtime-adapter.ts";
import type { RuntimeState } from "./runtime.ts";
import type { Draining } from "./scope.ts";
import { followWatched } from "./settle-watch.ts";
import { checkSignal, signalReason } from "./signal-hub.ts";
import { infoOf } from "./task-info.ts";
import { Timer } from "./timer.ts";
import { CancelCallback, checkDuration, checkOpen } from "./wait.ts";
import { LIVE, type Waitable } from "./waitable.ts";

const GRACE = 5000;

/** Where a block stands in the tree, and what else can cancel it. */
export interface Place {
  readonly runtime: RuntimeState;
  readonly parent: CancelScope;
  readonly signals: readonly AbortSignal[];
}

/** What a block ends with that stopped waiting: an AbandonedError, or what a test made of it. */
export type Abandonment = Error & Pick<AbandonedError, "tasks">;

/**
 * A scope that runs a body and ends when the body has settled and nothing is left under it. It is over for whoever waits
 * for it when it has ended, or when it was abandoned.
 */
export abstract class Block extends CancelScope {
  declare body: "running" | "done" | "failed" | "cancelled";
  /** The value of a body that is done, the error of one that isn't. */
  declare value: unknown;
  declare isOver: boolean;
  /** The outside cancellation that came before the block was over, or LIVE. */
  declare outside: unknown;
  declare abandoned: Abandonment | undefined;
  /** The error that the block made itself, if that is what it ends with. */
  declare made: unknown;
  override isDebug: boolean;
  readonly grace: number | undefined;
  readonly abandonAfter: number | undefined;
  readonly signals: readonly AbortSignal[];
  // A copy, not the way up: blocks nest deeper than the stack.
  private readonly inheritedTie: Tie | undefined;
  private readonly listening: CancelCallback[] = [];
  private drain: Drain | undefined;
  private movedFrom: readonly string[] | undefined;
  private abandon: Timer | undefined;
  private goOn: (() => void) | undefined;

  constructor({ runtime, parent, signals }: Place, label: string | undefined, { grace, abandonAfter }: Draining) {
    if (grace !== undefined) checkDuration(grace);
    if (abandonAfter !== undefined) checkDuration(abandonAfter);
    checkOpen(parent);
    super(runtime, parent, label);
    // Before it enters the tree: a signal that is none must leave nothing behind.
    signals.forEach(checkSignal);
    this.body = "running";
    this.value = undefined;
    this.isOver = false;
    this.outside = LIVE;
    this.abandoned = undefined;
    this.made = undefined;
    this.isDebug = parent.isDebug;
    this.inheritedTie = parent === runtime.root ? runtime.adapter.tie?.() : parent.tie;
    this.signals = signals;
    this.grace = grace;
    this.abandonAfter = abandonAfter;
  }

  /** What the block settles with: gives the value or throws (OUT). Called once, by the function that waited for it. */
  abstract outcome(): unknown;

  override get tie(): Tie | undefined {
    return this.inheritedTie;
  }

  override get isBusy(): boolean {
    return this.body === "running";
  }

  override get state(): string {
    return this.isBusy ? "running" : "waiting";
  }

  override get formerPath(): readonly string[] | undefined {
    return this.movedFrom;
  }

  override get isBlock(): boolean {
    return true;
  }

  /** Enters the tree and listens outside. */
  open(): void {
    this.since = this.runtime.time();
    this.link();
    if (this.parent === this.runtime.root) this.runtime.root.watch();
    // A scope born under a cancelled one is cancelled, and nobody will tell it.
    if (this.isCancelled) this.onCancelled(this);
    for (const signal of this.signals) {
      if (signal.aborted) cancel(this, signal.reason);
      else this.listen(this.runtime.hubs.of(signal), (reason) => cancel(this, reason));
    }
  }

  /** Calls back when another scope is cancelled, until the block is over. */
  protected listen(outer: Waitable, callback: (reason: unknown) => void): void {
    this.listening.push(new CancelCallback(outer, callback));
  }

  /** Calls the body and follows it. The promise settles with the body and never rejects. */
  run(body: () => unknown): Promise<void> {
    let result: unknown;
    try {
      result = body();
    } catch (error) {
      result = Promise.reject(error);
    }
    const done = (value: unknown): void => this.bodySettled("done", value);
    const failed = (error: unknown): void =>
      this.bodySettled(isCancellation(this, error) ? "cancelled" : "failed", error);
    const promise = Promise.resolve(result);
    return this.isDebug ? followWatched(this, promise, { done, failed }) : promise.then(done, failed);
  }

  bodySettled(state: "done" | "failed" | "cancelled", value: unknown): void {
    this.body = state;
    this.value = value;
    const isLost = this.abandoned !== undefined;
    if (this.rare?.isAbandoned || (isLost && state === "failed")) reportLate(this, state, value, isLost);
    this.endIfIdle();
  }

  override childEnded(_child: CancelScope): void {
    this.endIfIdle();
  }

  protected endIfIdle(): void {
    if (this.body === "running") return;
    if (this.children === undefined) this.end();
    else leaveOwned(this);
  }

  /** Lets go of all that it acquired, then lets whoever waits go on. Everything here is done when a later continuation runs. */
  protected end(): void {
    this.release();
    this.over();
    this.unlink();
  }

  override onCancelled(origin: CancelScope): void {
    if (this.isOver) return;
    const own = this.grace !== undefined || this.abandonAfter !== undefined;
    if (origin === this || own) this.drain ??= new Drain(this, graceOf(this));
    if (this.abandonAfter !== undefined)
      this.abandon ??= new Timer(this.runtime, this.abandonAfter, () => this.giveUp());
  }

  whenOver(): Promise<void> {
    return new Promise((resolve) => {
      this.goOn = resolve;
    });
  }

  /** The reason of whatever cancelled it from outside, or LIVE. Asked at the end: the first reason may have been another (CA-7). */
  protected outsideReason(): unknown {
    const reasons = [this.parent?.reason, ...this.signals.map(signalReason)].filter((reason) => reason !== LIVE);
    if (reasons.length === 0) return LIVE;
    return reasons.includes(this.reason) ? this.reason : reasons[0];
  }

  private over(): void {
    if (this.isOver) return;
    this.outside = this.outsideReason();
    this.isOver = true;
    this.goOn?.();
  }

  private release(): void {
    this.drain?.stop();
    this.abandon?.clear();
    for (const listening of this.listening) listening.leave();
  }

  /** Stops waiting. What still runs hangs below the root from now on: nobody else is held up by it, and it stays visible. */
  giveUp(error?: Abandonment): void {
    const stragglers = stragglersOf(this);
    for (const straggler of stragglers) straggler.own.isAbandoned = true;
    const outside = this.outsideReason();
    const cause = outside === LIVE ? this.reason : outside;
    this.made = this.abandoned = error ?? new AbandonedError(stragglers.map(infoOf), { cause });
    this.movedFrom = this.path;
    this.over();
    this.release();
    const { root } = this.runtime;
    this.unlink();
    this.parent = root;
    this.link();
    root.watch();
  }
}

/** The grace of the nearest block that has one of its own. */
export function graceOf(scope: CancelScope): number {
  for (let at: CancelScope | undefined = scope; at !== undefined; at = at.parent) {
    if (at instanceof Block && at.grace !== undefined) return at.grace;
  }
  return GRACE;
}

/**
 * Makes a block, runs its body and waits until it is over. An async function that awaits: V8 finds the caller's frames
 * along `await`s only (DX-5). Bad arguments throw in `make`, and so reject.
 */
export async function runBlock<B extends Block>(make: () => B, body: (block: B) => unknown): Promise<unknown> {
  const block = make();
  block.open();
  void block.run(() => body(block));
  // Not the body's own promise: a block can be over before its body, and it holds who waits for it, so that of a nest of
  // blocks only the one that is stuck is reported (DX-6).
  if (!block.isOver) await block.whenOver();
  return settleHere(block, () => block.outcome());
}

/**
 * Gives the outcome of a block. An error that the block made has the stack of whoever awaits it: the frames that made it,
 * often a timer's, would leave no room for the reader's own (DX-5).
 */
export function settleHere(block: Block, outcome: () => unknown): unknown {
  try {
    return outcome();
  } catch (error) {
    const { captureStackTrace } = Error as { captureStackTrace?: (error: object, above: unknown) => void };
    if (error instanceof Error && error === block.made) captureStackTrace?.(error, settleHere);
    block.made = undefined; // a block that somebody keeps doesn't keep its errors (LC-7)
    throw error;
  }
}
