import { type CancelScope, childrenOf } from "./cancel-scope.ts";
import { notify } from "./instruments.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";
import { Timer } from "./timer.ts";

/** How many names a sentence lists before it says "and n more". */
const NAMED = 10;

/** Watches a cancelled scope until it ends, and names what ignores the cancellation (CA-8). */
export class Drain {
  readonly #scope: CancelScope;
  readonly #grace: Timer | undefined;

  constructor(scope: CancelScope, grace: number) {
    this.#scope = scope;
    // Unref'd: a report is no reason to keep a process alive.
    this.#grace = grace < Infinity ? new Timer(scope.runtime, grace, () => this.#report(grace), true) : undefined;
  }

  stop(): void {
    this.#grace?.clear();
  }

  #report(ms: number): void {
    const scope = this.#scope;
    const late = stragglersOf(scope).filter((straggler) => !straggler.isReported);
    if (late.length === 0) return;
    for (const straggler of late) {
      straggler.isReported = true;
      if (scope.runtime.instruments !== undefined) notify("onStraggler", straggler, ms);
    }
    const infos = late.map(infoOf);
    scope.runtime.adapter.reportWarning(
      `still running ${ms} ms after ${scope.title} was cancelled: ${namesOf(infos)}`,
      infos,
    );
  }
}

/** The innermost scopes under `scope` that still run something: whoever runs a block waits for the block. */
export function stragglersOf(scope: CancelScope): CancelScope[] {
  const found: CancelScope[] = [];
  const left = [scope];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (at.children === undefined && at.isBusy) found.push(at);
    left.push(...[...childrenOf(at)].reverse());
  }
  return found;
}

/** The paths of some tasks, for a sentence. */
export function namesOf(tasks: readonly TaskInfo[]): string {
  const names = tasks.slice(0, NAMED).map(({ path }) => path.join(" > "));
  if (tasks.length > NAMED) names.push(`and ${tasks.length - NAMED} more`);
  return names.join(", ");
}
