// Runtimes and their adapters
export { defineRuntime, type Runtime } from "./runtime.ts";
export type { ContextStorage, RuntimeAdapter } from "./runtime-adapter.ts";

// The functions, each bound to a runtime by itself
export {
  type AbortableFn,
  type AddInstrumentFn,
  bindAbortable,
  bindAddInstrument,
  bindCurrentTask,
  bindDetach,
  bindFailAfter,
  bindFailAt,
  bindFormatTaskTree,
  bindInspectTasks,
  bindMoveOnAfter,
  bindNow,
  bindOpenTaskGroup,
  bindSleep,
  bindTaskGroup,
  type CurrentTaskFn,
  type DetachFn,
  type FailAfterFn,
  type FailAtFn,
  type FormatTaskTreeFn,
  type InspectTasksFn,
  type MoveOnAfterFn,
  type NowFn,
  type OpenTaskGroupFn,
  type SleepFn,
} from "./bind.ts";

// Groups, scopes and tasks
export type {
  Body,
  Cancellable,
  DeadlineScope,
  DetachedTask,
  Draining,
  For,
  GroupPolicy,
  MaybePromise,
  MoveOn,
  OpenTaskGroup,
  Scope,
  ShieldOptions,
  ShieldScope,
  Task,
  TaskGroup,
  TaskGroupFn,
  TaskGroupOptions,
  TaskOptions,
  TaskScope,
  TaskState,
} from "./scope.ts";
export type { TaskInfo } from "./task-info.ts";

// Errors
export {
  AbandonedError,
  BaseException,
  CancelledError,
  DisconnectedError,
  InvalidStateError,
  KeyboardInterrupt,
  SystemExit,
  TimeoutError,
} from "./errors.ts";
export type { Failure, Leaf } from "./failure.ts";
export { BaseExceptionGroup, type ErrorTree, ExceptionGroup } from "./exception-group.ts";
export { exceptStar } from "./except-star.ts";
export { onlyError } from "./only-error.ts";
export type { Match, Matched } from "./match.ts";
export { formatException, type FormatExceptionOptions } from "./format-exception.ts";

// Seeing what runs
export type { TaskNode } from "./inspect.ts";
export type { Instrument } from "./instruments.ts";
