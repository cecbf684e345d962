// What every adapter exports as it is; what it binds to its runtime comes beside it.

// Synchronisation
export { AsyncEvent } from "./sync/async-event.ts";
export { AsyncQueue } from "./sync/async-queue.ts";
export { Barrier } from "./sync/barrier.ts";
export { Condition } from "./sync/condition.ts";
export { LifoQueue } from "./sync/lifo-queue.ts";
export { Mutex } from "./sync/mutex.ts";
export type { Permit } from "./sync/permit.ts";
export { PriorityQueue } from "./sync/priority-queue.ts";
export { Semaphore } from "./sync/semaphore.ts";

// Errors
export {
  AbandonedError,
  BaseException,
  BrokenBarrierError,
  CancelledError,
  DisconnectedError,
  InvalidStateError,
  KeyboardInterrupt,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  SystemExit,
  TimeoutError,
} from "./errors.ts";
export type { Failure, Leaf } from "./failure.ts";
export { BaseExceptionGroup, type ErrorTree, ExceptionGroup } from "./exception-group.ts";
export { exceptStar } from "./except-star.ts";
export { onlyError } from "./only-error.ts";
export type { Match, Matched } from "./match.ts";
export { formatException, type FormatExceptionOptions } from "./format-exception.ts";

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
export type { Runtime } from "./runtime.ts";
export type { TaskInfo } from "./task-info.ts";
export type { All, AllSettled, Fn, Fns } from "./fns.ts";
export type { MapIterable, MapOptions, Mapper, MapSource } from "./map.ts";
export type { Settled } from "./settled.ts";
export type { BackgroundTasks } from "./background-tasks.ts";
export type { ShutdownOptions } from "./background-tasks-scope.ts";
export type { Restart } from "./restart.ts";
export type { BackgroundTaskOptions } from "./service.ts";

// Seeing what runs
export type { TaskNode } from "./inspect.ts";
export type { Instrument } from "./instruments.ts";
