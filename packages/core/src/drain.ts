import { type CancelScope, childrenOf } from "./cancel-scope.ts";
import { notify } from "./instruments.ts";
import { reasonText } from "./reason-text.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";
import { Timer } from "./timer.ts";

/** How many names a sentence lists before it says "and n more". */
const NAMED = 10;

/** Watches a cancelled scope until it ends, and names what ignores the cancellation (CA-8). */
export class Drain {
  private readonly scope: CancelScope;
  private readonly grace: number;
  private timer: Timer | undefined;

  constructor(scope: CancelScope, grace: number) {
    this.scope = scope;
    this.grace = grace;
    this.arm();
  }

  stop(): void {
    this.timer?.clear();
  }

  /** Again and again: who hangs in a cleanup may have been in time until then. Each is named once. */
  private arm(): void {
    if (this.grace === Infinity) return;
    const wait = Math.max(this.grace, 1);
    // Unref'd: a report is no reason to keep a process alive.
    this.timer = new Timer(this.scope.runtime, wait, () => this.report(), true);
  }

  private report(): void {
    const scope = this.scope;
    const late = stragglersOf(scope).filter((straggler) => !straggler.own.isReported);
    if (late.length > 0 || scope.children !== undefined) this.arm();
    if (late.length === 0) return;
    const { adapter, instruments } = scope.runtime;
    const ms = Math.round(adapter.now() - cancellationTime(scope));
    for (const straggler of late) {
      straggler.own.isReported = true;
      if (instruments !== undefined) notify("onStraggler", straggler, ms);
    }
    const now = scope.runtime.time();
    const who = late.map(({ path, since = now }) => `${path.join(" > ")} (${now - since} ms old)`);
    const text = `still running ${ms} ms after ${scope.title} was cancelled (${reasonText(scope.reason)}): ${listOf(who)}`;
    adapter.reportWarning(text, late.map(infoOf));
  }
}

/** When the cancellation that reached the scope began. */
export function cancellationTime(scope: CancelScope): number {
  let at: CancelScope | undefined = scope;
  while (at !== undefined && at.rare?.cancelledAt === undefined) at = at.parent;
  return at?.rare?.cancelledAt ?? scope.runtime.adapter.now();
}

/** Says how something ended that a block had stopped waiting for. A failure that comes out elsewhere is only named. */
export function reportLate(scope: CancelScope, state: string, value: unknown, isLost: boolean): void {
  const { adapter } = scope.runtime;
  const info = infoOf(scope);
  if (state === "failed" && isLost) adapter.reportError(value, info);
  else adapter.reportWarning(`abandoned ${scope.titleAndPath} ended: ${state}`, [info]);
}

/**
 * The innermost scopes under `scope` that still run something. Who opened a block is taken to wait for it; a group's body
 * doesn't wait for the members in that way.
 */
export function stragglersOf(scope: CancelScope): CancelScope[] {
  const found: CancelScope[] = [];
  const left = [scope];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const children = [...childrenOf(at)].reverse();
    if (at.isBusy && children.every(({ kind }) => kind === "task")) found.push(at);
    for (const child of children) left.push(child); // not push(...children): there may be a million
  }
  return found;
}

/** The paths of some tasks, for a sentence. */
export function namesOf(tasks: readonly TaskInfo[]): string {
  return listOf(tasks.map(({ path }) => path.join(" > ")));
}

/** Some names, for a sentence. */
export function listOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
