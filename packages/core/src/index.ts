// Runtimes and their adapters
export { defineRuntime } from "./runtime.ts";
export { takeOver, type TakeOver } from "./take-over.ts";
export type { ContextStorage, RuntimeAdapter, Tie } from "./runtime-adapter.ts";

// The functions, each bound to a runtime by itself
export {
  type AbortableFn,
  type AddInstrumentFn,
  bindAbortable,
  bindAddInstrument,
  bindAsCompleted,
  bindCurrentTask,
  bindDetach,
  bindFailAfter,
  bindFailAt,
  bindFirstSuccess,
  bindFormatTaskTree,
  bindGather,
  bindInspectTasks,
  bindMap,
  bindMoveOnAfter,
  bindNow,
  bindOpenBackgroundTasks,
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
  type OpenBackgroundTasksFn,
  type OpenTaskGroupFn,
  type SleepFn,
} from "./bind.ts";

// Several functions as one
export type { AsCompletedFn } from "./as-completed.ts";
export type { FirstSuccessFn } from "./first-success.ts";
export type { GatherFn } from "./gather.ts";
export type { MapFn } from "./map.ts";

// What needs no runtime
export type { EndState } from "./instruments.ts";
export * from "./surface.ts";
