import { InvalidStateError, type TaskGroup } from "@cohort/core";

/**
 * Lets `createTask` of a request's group refuse a caller from another request: what such a member waits for would belong
 * to that one, and die with it. `signal` is the probe: one that was made in a request can be read there alone.
 */
export function guard<G extends TaskGroup>(group: G, signal: AbortSignal): G {
  const { createTask } = group;
  const guarded: TaskGroup["createTask"] = (fn, options) => {
    checkHere(group, signal);
    return createTask(fn, options);
  };
  return Object.defineProperty(group, "createTask", { value: guarded });
}

function checkHere({ name }: TaskGroup, signal: AbortSignal): void {
  try {
    void signal.aborted;
  } catch (cause) {
    const text = "a group lives in one request, and nothing of another can be awaited in it";
    throw new InvalidStateError(`TaskGroup "${name}" belongs to another request: ${text}`, { cause });
  }
}
