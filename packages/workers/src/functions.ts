import {
  type AbortableFn,
  type AddInstrumentFn,
  type AsCompletedFn,
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
  type FirstSuccessFn,
  type FormatTaskTreeFn,
  type GatherFn,
  type InspectTasksFn,
  type MapFn,
  type MoveOnAfterFn,
  type NowFn,
  type OpenBackgroundTasksFn,
  type OpenTaskGroupFn,
  type SleepFn,
  type TaskGroupFn,
} from "@cohort/core";
import { runtime } from "./runtime.ts";

// Documented at their types in core.
export const taskGroup: TaskGroupFn = /* @__PURE__ */ bindTaskGroup(runtime);
export const openTaskGroup: OpenTaskGroupFn = /* @__PURE__ */ bindOpenTaskGroup(runtime);
export const openBackgroundTasks: OpenBackgroundTasksFn = /* @__PURE__ */ bindOpenBackgroundTasks(runtime);
export const gather: GatherFn = /* @__PURE__ */ bindGather(runtime);
export const firstSuccess: FirstSuccessFn = /* @__PURE__ */ bindFirstSuccess(runtime);
export const asCompleted: AsCompletedFn = /* @__PURE__ */ bindAsCompleted(runtime);
export const map: MapFn = /* @__PURE__ */ bindMap(runtime);
export const detach: DetachFn = /* @__PURE__ */ bindDetach(runtime);
export const failAfter: FailAfterFn = /* @__PURE__ */ bindFailAfter(runtime);
export const failAt: FailAtFn = /* @__PURE__ */ bindFailAt(runtime);
export const moveOnAfter: MoveOnAfterFn = /* @__PURE__ */ bindMoveOnAfter(runtime);
export const sleep: SleepFn = /* @__PURE__ */ bindSleep(runtime);
export const abortable: AbortableFn = /* @__PURE__ */ bindAbortable(runtime);
export const now: NowFn = /* @__PURE__ */ bindNow(runtime);
export const currentTask: CurrentTaskFn = /* @__PURE__ */ bindCurrentTask(runtime);
export const inspectTasks: InspectTasksFn = /* @__PURE__ */ bindInspectTasks(runtime);
export const formatTaskTree: FormatTaskTreeFn = /* @__PURE__ */ bindFormatTaskTree(runtime);
export const addInstrument: AddInstrumentFn = /* @__PURE__ */ bindAddInstrument(runtime);
