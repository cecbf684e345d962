import type { CancelScope } from "./cancel-scope.ts";
import { disposable } from "./disposable.ts";
import type { RuntimeState } from "./runtime.ts";
import type { TaskState } from "./scope.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";

/** How a task ended. */
export type EndState = Exclude<TaskState, "pending" | "running">;

/** Hooks for whoever wants to see what runs: tracing, metrics, tests (DX-2). None can break the program. */
export interface Instrument {
  onGroupOpen?(group: TaskInfo): void;
  onGroupClose?(group: TaskInfo, outcome: PromiseSettledResult<unknown>): void;
  /** Without a group it is a detached task. */
  onTaskCreate?(task: TaskInfo, group?: TaskInfo): void;
  onTaskStart?(task: TaskInfo): void;
  /** The outcome of a cancelled task is a rejection with the reason; the state tells it from a failure. */
  onTaskEnd?(task: TaskInfo, outcome: PromiseSettledResult<unknown>, state: EndState): void;
  onCancel?(scope: TaskInfo, reason: unknown): void;
  /** `cancel()` on a member of an atomic group was refused (ME-5). Once per task. */
  onIgnoredCancel?(task: TaskInfo): void;
  /** A task was created in a group that is shutting down and will never run (LC-4). */
  onDeadOnArrival?(task: TaskInfo): void;
  /** A task has ignored its cancellation for `ms` (CA-8). Once per task. */
  onStraggler?(task: TaskInfo, ms: number): void;
}

type Rest<A> = A extends [TaskInfo, ...infer R] ? R : never;

/** Tells every instrument about a scope. Callers ask `runtime.isWatched` first: nothing is made for nobody. */
export function notify<K extends keyof Instrument>(
  hook: K,
  scope: CancelScope,
  ...rest: Rest<Parameters<NonNullable<Instrument[K]>>>
): void {
  const { instruments, adapter } = scope.runtime;
  const info = infoOf(scope);
  for (const instrument of instruments ?? []) {
    try {
      (instrument[hook] as ((...all: unknown[]) => void) | undefined)?.(info, ...rest);
    } catch (error) {
      adapter.reportError(error, info);
    }
  }
}

/**
 * Installs an instrument until what is returned is disposed or called. Its hooks run inside the library's own steps:
 * they should be short. What they throw is reported.
 */
export function addInstrument(runtime: RuntimeState, instrument: Instrument): (() => void) & Disposable {
  runtime.installed = [...runtime.installed, instrument];
  runtime.observe();
  return disposable(() => {
    // Also of the test that has taken the runtime over since.
    for (const state of new Set([runtime, runtime.current])) {
      state.installed = state.installed.filter((other) => other !== instrument);
      state.observe();
    }
  });
}
