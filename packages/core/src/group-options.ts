import { checkCount } from "./count.ts";
import type { TaskGroupOptions } from "./scope.ts";
import { checkDuration } from "./wait.ts";

/** Refuses options that are none, before anything starts: a TypeError for the wrong type, a RangeError for the wrong number. */
export function checkOptions(options: TaskGroupOptions): void {
  if (typeof options !== "object" || options === null) throw new TypeError("the options of a group must be an object");
  const { limit, timeout, failFast, onFailure, policy } = options;
  for (const key of ["onFailure", "isCancellation"] as const) {
    if (options[key] !== undefined && typeof options[key] !== "function")
      throw new TypeError(`${key} must be a function`);
  }
  if (timeout !== undefined) checkDuration(timeout);
  if (limit !== undefined) checkCount("limit", limit, 1);
  if (onFailure !== undefined && failFast === true) throw new TypeError("onFailure goes with failFast: false");
  if (policy === undefined) return;
  if (typeof policy?.onSettled !== "function") throw new TypeError("policy must have onSettled");
  if (!["undefined", "function"].includes(typeof policy.result))
    throw new TypeError("policy.result must be a function");
  if (failFast !== undefined || onFailure !== undefined) {
    throw new TypeError("policy decides about failures: leave failFast and onFailure out");
  }
}

/** Refuses options that would take a decision away from the function that is called. */
export function refuseOptions(
  what: string,
  options: TaskGroupOptions,
  refused: readonly (keyof TaskGroupOptions)[],
): void {
  checkOptions(options);
  for (const key of refused) {
    if (options[key] !== undefined)
      throw new TypeError(`${what} decides itself what becomes of its members: leave ${key} out`);
  }
}
