import type { TaskGroupOptions } from "./scope.ts";
import { checkDuration } from "./wait.ts";

/** Refuses options that are none, before anything starts: a TypeError for the wrong type, a RangeError for the wrong number. */
export function checkOptions({ limit, timeout, failFast, onFailure, policy }: TaskGroupOptions): void {
  if (timeout !== undefined) checkDuration(timeout);
  if (limit !== undefined) {
    if (typeof limit !== "number") throw new TypeError(`limit must be a number, not ${typeof limit}`);
    if (limit !== Infinity && !(Number.isInteger(limit) && limit > 0)) {
      throw new RangeError(`limit must be a positive integer or Infinity: ${limit}`);
    }
  }
  if (onFailure !== undefined && typeof onFailure !== "function") throw new TypeError("onFailure must be a function");
  if (onFailure !== undefined && failFast === true) throw new TypeError("onFailure goes with failFast: false");
  if (policy === undefined) return;
  if (typeof policy?.onSettled !== "function") throw new TypeError("policy must have onSettled");
  if (failFast !== undefined || onFailure !== undefined) {
    throw new TypeError("policy decides about failures: leave failFast and onFailure out");
  }
}
