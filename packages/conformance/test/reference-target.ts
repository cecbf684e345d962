import { AsyncLocalStorage } from "node:async_hooks";
import * as core from "@cohort/core";
import type { ConformanceTarget, Report } from "../src/target.ts";

const storage = new AsyncLocalStorage<core.TaskInfo>();
const listeners = new Set<(report: Report) => void>();
const report = (what: Report): void => {
  for (const listener of [...listeners]) listener(what);
};

/** The least of a host: the suite's own tests are about core, the adapters run the suite in theirs. */
const runtime = core.defineRuntime<unknown>({
  name: "reference",
  now: () => Date.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
  unrefTimer: (timer) => (timer as NodeJS.Timeout).unref(),
  createAbortController: () => new AbortController(),
  reportError: (error) => report({ error }),
  reportWarning: (warning) => report({ warning }),
  contextStorage: { run: (task, fn) => storage.run(task, fn), current: () => storage.getStore() },
});

/** Everything that core has, bound to that runtime. */
const target: ConformanceTarget = {
  name: "reference",
  version: "0.0.0",
  api: {
    ...core,
    abortable: core.bindAbortable(runtime),
    addInstrument: core.bindAddInstrument(runtime),
    asCompleted: core.bindAsCompleted(runtime),
    currentTask: core.bindCurrentTask(runtime),
    detach: core.bindDetach(runtime),
    failAfter: core.bindFailAfter(runtime),
    failAt: core.bindFailAt(runtime),
    firstSuccess: core.bindFirstSuccess(runtime),
    formatTaskTree: core.bindFormatTaskTree(runtime),
    gather: core.bindGather(runtime),
    inspectTasks: core.bindInspectTasks(runtime),
    map: core.bindMap(runtime),
    moveOnAfter: core.bindMoveOnAfter(runtime),
    now: core.bindNow(runtime),
    openBackgroundTasks: core.bindOpenBackgroundTasks(runtime),
    openTaskGroup: core.bindOpenTaskGroup(runtime),
    sleep: core.bindSleep(runtime),
    taskGroup: core.bindTaskGroup(runtime),
  },
  onReport(listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

export default target;
