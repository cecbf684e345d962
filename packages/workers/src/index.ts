// The runtime
export { adapter } from "./adapter.ts";
export { runtime } from "./runtime.ts";

// Groups, deadlines, waiting
export {
  abortable,
  addInstrument,
  asCompleted,
  currentTask,
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

// Requests, and the other invocations of a Worker
export { background, type BackgroundOptions } from "./background.ts";
export type { BudgetOptions } from "./budget.ts";
export { eachMessage, type EachMessageOptions } from "./each-message.ts";
export { handler, type HandlerOptions, type Handlers } from "./handler.ts";
export type { KeepsAlive } from "./keeps-alive.ts";
export { objectScope, type ObjectScope } from "./object-scope.ts";
export { requestScope, type RequestScope } from "./request-scope.ts";

// What needs no runtime: synchronisation, errors, types
export * from "@cohort/core/surface";
