import * as core from "@cohort/core";

/** Every function of the library, bound to one runtime. */
export interface Functions {
  readonly taskGroup: core.TaskGroupFn;
  readonly openTaskGroup: core.OpenTaskGroupFn;
  readonly detach: core.DetachFn;
  readonly failAfter: core.FailAfterFn;
  readonly failAt: core.FailAtFn;
  readonly moveOnAfter: core.MoveOnAfterFn;
  readonly gather: core.GatherFn;
  readonly firstSuccess: core.FirstSuccessFn;
  readonly asCompleted: core.AsCompletedFn;
  readonly map: core.MapFn;
  readonly openBackgroundTasks: core.OpenBackgroundTasksFn;
  readonly sleep: core.SleepFn;
  readonly abortable: core.AbortableFn;
  readonly now: core.NowFn;
  readonly inspectTasks: core.InspectTasksFn;
  readonly formatTaskTree: core.FormatTaskTreeFn;
  readonly currentTask: core.CurrentTaskFn;
  readonly addInstrument: core.AddInstrumentFn;
}

export function functionsOf(runtime: core.Runtime): Functions {
  return {
    taskGroup: core.bindTaskGroup(runtime),
    openTaskGroup: core.bindOpenTaskGroup(runtime),
    detach: core.bindDetach(runtime),
    failAfter: core.bindFailAfter(runtime),
    failAt: core.bindFailAt(runtime),
    moveOnAfter: core.bindMoveOnAfter(runtime),
    gather: core.bindGather(runtime),
    firstSuccess: core.bindFirstSuccess(runtime),
    asCompleted: core.bindAsCompleted(runtime),
    map: core.bindMap(runtime),
    openBackgroundTasks: core.bindOpenBackgroundTasks(runtime),
    sleep: core.bindSleep(runtime),
    abortable: core.bindAbortable(runtime),
    now: core.bindNow(runtime),
    inspectTasks: core.bindInspectTasks(runtime),
    formatTaskTree: core.bindFormatTaskTree(runtime),
    currentTask: core.bindCurrentTask(runtime),
    addInstrument: core.bindAddInstrument(runtime),
  };
}
