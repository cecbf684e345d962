import type { Surface } from "./surface.ts";
import type { WorkersSurface } from "./workers-surface.ts";

/**
 * What an implementation may have or lack: a name of the surface or of an adapter's own, a method or option of groups and scopes, or something
 * of the host that a case looks at. All but `taskGroup` may be missing.
 */
export type Capability = keyof Surface | AdapterCapability | GroupCapability | HostCapability;

/** What only the adapter for some host has, beside the surface. */
type AdapterCapability = "pageScope" | "yieldToMain" | keyof WorkersSurface;

/** Methods and options; a method is looked for on a group, an option is taken to be there unless the target says otherwise. */
export type GroupCapability = (typeof METHODS)[number] | (typeof OPTIONS)[number] | (typeof HANDLES)[number];

/** What the host or the target's own hooks must offer. The last two can't be seen: a target that has them says so. */
export type HostCapability =
  | "reports"
  | "unhandled rejections"
  | "uncaught errors"
  | "garbage collection"
  | "async dispose"
  | "async context"
  | "exit report"
  | "diagnostics channels";

/** Methods of groups and scopes. */
export const METHODS = [
  "group.cancel",
  "group.start",
  "group.idle",
  "group.size",
  "group.tasks",
  "group.use",
  "group.defer",
  "scope.signal",
  "scope.shield",
  "scope.onCancel",
  "scope.isCancellation",
  "scope.isCancelled",
  "scope.throwIfCancelled",
  "scope.reason",
  "scope.abortable",
  "scope.sleep",
  "scope.path",
  "scope.taskGroup",
  "scope.openTaskGroup",
  "scope.failAfter",
  "scope.failAt",
  "scope.moveOnAfter",
  "scope.gather",
  "scope.firstSuccess",
  "scope.asCompleted",
  "scope.map",
] as const;

/** Options of `taskGroup` and of `createTask`. */
export const OPTIONS = [
  "option.signal",
  "option.parent",
  "option.timeout",
  "option.name",
  "option.limit",
  "option.failFast",
  "option.onFailure",
  "option.memberCancel",
  "option.isCancellation",
  "option.policy",
  "option.grace",
  "option.abandonAfter",
  "option.debug",
  "task option.name",
  "task option.eager",
  "task option.background",
] as const;

/** What a member's handle and the error of a group tell. */
export const HANDLES = ["task.state", "task.result", "task.settled", "task.cancel", "task.name", "failures"] as const;
