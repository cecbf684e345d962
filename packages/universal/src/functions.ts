import {
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
  type TaskGroupFn,
} from "@cohort/core";
import { runtime } from "./runtime.ts";

// Documented at their types in core.
export const taskGroup: TaskGroupFn = /* @__PURE__ */ bindTaskGroup(runtime);
export const openTaskGroup: OpenTaskGroupFn = /* @__PURE__ */ bindOpenTaskGroup(runtime);
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
