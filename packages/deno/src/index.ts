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
export { main } from "./main.ts";
export { requestScope } from "./request-scope.ts";
export type { MainFn, MainOptions } from "@cohort/universal/main";
export type { ChannelMessage } from "@cohort/universal/channels";
export type { RequestBody, RequestScopeFn, RequestScopeOptions } from "@cohort/universal/request-scope";

// What needs no runtime: synchronisation, errors, types
export * from "@cohort/core/surface";
