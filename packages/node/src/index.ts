// The runtime
export { adapter } from "./adapter.ts";
export { runtime } from "./runtime.ts";

// Groups, deadlines, waiting
export {
  abortable,
  addInstrument,
  asCompleted,
  detach,
  failAfter,
  failAt,
  firstSuccess,
  formatTaskTree,
  gather,
  inspectTasks,
  map,
  moveOnAfter,
  now,
  openBackgroundTasks,
  openTaskGroup,
  sleep,
  taskGroup,
} from "./functions.ts";
export { currentTask } from "./current-task.ts";

// Programs
export { main, type MainOptions } from "./main.ts";
export type { ChannelMessage } from "./channels.ts";

// Synchronisation
export { AsyncEvent, AsyncQueue, Barrier, Condition, LifoQueue, Mutex, PriorityQueue, Semaphore } from "@cohort/core";

// Errors
export {
  AbandonedError,
  BaseException,
  BaseExceptionGroup,
  BrokenBarrierError,
  CancelledError,
  DisconnectedError,
  exceptStar,
  ExceptionGroup,
  formatException,
  InvalidStateError,
  KeyboardInterrupt,
  onlyError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  SystemExit,
  TimeoutError,
} from "@cohort/core";

// Types
export type {
  All,
  AllSettled,
  BackgroundTaskOptions,
  BackgroundTasks,
  Body,
  Cancellable,
  DeadlineScope,
  DetachedTask,
  Draining,
  ErrorTree,
  Failure,
  Fn,
  Fns,
  FormatExceptionOptions,
  For,
  GroupPolicy,
  Instrument,
  Leaf,
  MapIterable,
  MapOptions,
  Mapper,
  MapSource,
  Match,
  Matched,
  MaybePromise,
  MoveOn,
  OpenTaskGroup,
  Permit,
  Restart,
  Runtime,
  Scope,
  Settled,
  ShieldOptions,
  ShieldScope,
  ShutdownOptions,
  Task,
  TaskGroup,
  TaskGroupFn,
  TaskGroupOptions,
  TaskInfo,
  TaskNode,
  TaskOptions,
  TaskScope,
  TaskState,
} from "@cohort/core";
