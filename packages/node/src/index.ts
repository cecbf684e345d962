// The runtime
export { adapter } from "./adapter.ts";
export { runtime } from "./runtime.ts";

// Groups, deadlines, waiting
export {
  abortable,
  addInstrument,
  detach,
  failAfter,
  failAt,
  formatTaskTree,
  inspectTasks,
  moveOnAfter,
  now,
  openTaskGroup,
  sleep,
  taskGroup,
} from "./functions.ts";
export { currentTask } from "./current-task.ts";

// Programs
export { main, type MainOptions } from "./main.ts";
export type { ChannelMessage } from "./channels.ts";

// Errors
export {
  AbandonedError,
  BaseException,
  BaseExceptionGroup,
  CancelledError,
  DisconnectedError,
  exceptStar,
  ExceptionGroup,
  formatException,
  InvalidStateError,
  KeyboardInterrupt,
  onlyError,
  SystemExit,
  TimeoutError,
} from "@cohort/core";

// Types
export type {
  Body,
  Cancellable,
  DeadlineScope,
  DetachedTask,
  Draining,
  ErrorTree,
  Failure,
  FormatExceptionOptions,
  For,
  GroupPolicy,
  Instrument,
  Leaf,
  Match,
  Matched,
  MaybePromise,
  MoveOn,
  OpenTaskGroup,
  Runtime,
  Scope,
  ShieldOptions,
  ShieldScope,
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
