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

// What needs no runtime: synchronisation, errors, types
export * from "@cohort/core/surface";
