import { asCompleted, type AsCompletedFn } from "./as-completed.ts";
import { type BackgroundTasks, openBackgroundTasks } from "./background-tasks.ts";
import { currentTask } from "./current-task.ts";
import { detach } from "./detached-task.ts";
import { firstSuccess, type FirstSuccessFn } from "./first-success.ts";
import { gather, type GatherFn } from "./gather.ts";
import { formatTaskTree, inspect, type TaskNode } from "./inspect.ts";
import { addInstrument, type Instrument } from "./instruments.ts";
import { map, type MapFn } from "./map.ts";
import { listening, placeOf } from "./place.ts";
import { type Runtime, type RuntimeState, stateOf } from "./runtime.ts";
import type {
  Body,
  Cancellable,
  DeadlineScope,
  DetachedTask,
  Draining,
  For,
  MaybePromise,
  MoveOn,
  OpenTaskGroup,
  TaskGroupFn,
  TaskGroupOptions,
  TaskScope,
} from "./scope.ts";
import { after, at, moveOn, openGroup, runDeadline, runTaskGroup, viewOfTask } from "./scope-view.ts";
import { waitableFor } from "./scope-handle.ts";
import type { TaskInfo } from "./task-info.ts";
import { abortable, sleep } from "./wait.ts";
import type { Waitable } from "./waitable.ts";

// One function per name: an adapter binds each by itself, and a bundle holds only what its program imports.

type DeadlineOptions = Draining & Omit<Cancellable, "timeout">;
export type OpenBackgroundTasksFn = (options?: Cancellable) => BackgroundTasks;
export type OpenTaskGroupFn = (options?: TaskGroupOptions) => OpenTaskGroup;
export type FailAfterFn = <T>(ms: number, body: Body<DeadlineScope, T>, options?: DeadlineOptions) => Promise<T>;
export type FailAtFn = <T>(when: Date | number, body: Body<DeadlineScope, T>, options?: DeadlineOptions) => Promise<T>;
export type MoveOnAfterFn = <T>(
  ms: number,
  body: Body<DeadlineScope, T>,
  options?: DeadlineOptions,
) => Promise<MoveOn<T>>;
export type DetachFn = <T>(fn: (task: TaskScope) => MaybePromise<T>, options?: Cancellable) => DetachedTask<T>;
export type SleepFn = (ms: number, scope?: For | null) => Promise<void>;
export type AbortableFn = <T>(promise: PromiseLike<T>, scope: For) => Promise<T>;
export type NowFn = () => number;
export type CurrentTaskFn = () => TaskInfo | undefined;
export type InspectTasksFn = () => readonly TaskNode[];
export type AddInstrumentFn = (instrument: Instrument) => (() => void) & Disposable;
export type FormatTaskTreeFn = (tree?: readonly TaskNode[]) => string;

/** Binds `taskGroup` to a runtime. */
export function bindTaskGroup(runtime: Runtime): TaskGroupFn {
  return (...args: unknown[]) => runTaskGroup((options) => placeOf(stateOf(runtime), options), args) as never;
}

export function bindOpenTaskGroup(runtime: Runtime): OpenTaskGroupFn {
  return (options = {}) => openGroup(placeOf(stateOf(runtime), options), options);
}

export function bindOpenBackgroundTasks(runtime: Runtime): OpenBackgroundTasksFn {
  return (options = {}) => {
    const place = listening(placeOf(stateOf(runtime), options), options);
    return openBackgroundTasks(place, options, viewOfTask);
  };
}

export function bindFailAfter(runtime: Runtime): FailAfterFn {
  return (ms, body, options) =>
    runDeadline(() => placeOf(stateOf(runtime), options), after(ms), body, options) as never;
}

export function bindFailAt(runtime: Runtime): FailAtFn {
  return (when, body, options) =>
    runDeadline(() => placeOf(stateOf(runtime), options), at(when), body, options) as never;
}

export function bindMoveOnAfter(runtime: Runtime): MoveOnAfterFn {
  return (ms, body, options) => moveOn(() => placeOf(stateOf(runtime), options), after(ms), body, options) as never;
}

export function bindDetach(runtime: Runtime): DetachFn {
  return (fn, options = {}) => {
    const state = stateOf(runtime);
    return detach(placeOf(state), () => listening(placeOf(state, options), options), fn, options, viewOfTask);
  };
}

export function bindGather(runtime: Runtime): GatherFn {
  return (fns, options) => gather((how) => placeOf(stateOf(runtime), how), viewOfTask, fns, options) as never;
}

export function bindFirstSuccess(runtime: Runtime): FirstSuccessFn {
  return (fns, options) => firstSuccess((how) => placeOf(stateOf(runtime), how), viewOfTask, fns, options) as never;
}

export function bindAsCompleted(runtime: Runtime): AsCompletedFn {
  return (fns, options) => asCompleted(placeOf(stateOf(runtime), options), viewOfTask, fns, options) as never;
}

export function bindMap(runtime: Runtime): MapFn {
  return (source, fn, options) => map(placeOf(stateOf(runtime), options), viewOfTask, source, fn, options);
}

/** `sleep(ms, scope)`; without a scope nothing interrupts it. */
export function bindSleep(runtime: Runtime): SleepFn {
  return async (ms, scope) => {
    const state = stateOf(runtime);
    return sleep(state, waitableIn(state, scope), ms);
  };
}

export function bindAbortable(runtime: Runtime): AbortableFn {
  return async (promise, scope) => abortable(waitableIn(stateOf(runtime), scope), promise);
}

export function bindNow(runtime: Runtime): NowFn {
  return () => stateOf(runtime).adapter.now();
}

export function bindCurrentTask(runtime: Runtime): CurrentTaskFn {
  return () => currentTask(stateOf(runtime));
}

export function bindInspectTasks(runtime: Runtime): InspectTasksFn {
  return () => inspect(stateOf(runtime));
}

export function bindFormatTaskTree(runtime: Runtime): FormatTaskTreeFn {
  return (tree = inspect(stateOf(runtime))) => formatTaskTree(tree);
}

export function bindAddInstrument(runtime: Runtime): AddInstrumentFn {
  return (instrument) => addInstrument(stateOf(runtime), instrument);
}

/** Where a wait is kept; for who waits whatever happens it is the root, so that it can be seen. */
function waitableIn({ root, hubs }: RuntimeState, scope: For | null | undefined): Waitable {
  return scope === undefined || scope === null ? root : waitableFor(scope, hubs);
}
