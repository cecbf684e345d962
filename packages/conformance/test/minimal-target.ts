import type { ConformanceTarget } from "../src/target.ts";

interface Scope {
  readonly signal: AbortSignal;
}

interface Group extends Scope {
  createTask(fn: (scope: Scope) => unknown): Promise<unknown>;
}

type Body = (group: Group) => unknown;

const ignore = (): void => {};

/** As little as an implementation can have: members, a signal, fail fast, a drain, groups of errors. */
async function taskGroup(...args: readonly unknown[]): Promise<unknown> {
  const body = args.at(-1) as Body;
  const { signal: outside } = (args.length > 1 ? args[0] : {}) as { readonly signal?: AbortSignal };
  const controller = new AbortController();
  const { signal } = controller;
  const live = new Set<Promise<unknown>>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    if (signal.aborted && error === signal.reason) return;
    failures.push(error);
    controller.abort(new DOMException("a member failed", "AbortError"));
  };
  const createTask: Group["createTask"] = (fn) => {
    const task = Promise.resolve().then(() => {
      if (signal.aborted) throw signal.reason;
      return fn({ signal });
    });
    live.add(task);
    task.catch(fail).finally(() => live.delete(task));
    task.catch(ignore);
    return task;
  };
  const abort = (): void => controller.abort(outside?.reason);
  if (outside?.aborted === true) abort();
  outside?.addEventListener("abort", abort);
  let value: unknown;
  let bodyError: { readonly error: unknown } | undefined;
  try {
    value = await body({ signal, createTask });
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) bodyError = { error };
    controller.abort(new DOMException("the body failed", "AbortError"));
  }
  while (live.size > 0) await Promise.allSettled(live);
  outside?.removeEventListener("abort", abort);
  if (bodyError !== undefined && !failures.includes(bodyError.error)) failures.push(bodyError.error);
  const cause = outside?.aborted === true ? { cause: outside.reason as unknown } : undefined;
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} failures`, cause);
  if (outside?.aborted === true) throw outside.reason;
  return value;
}

/** An implementation that has `taskGroup(options?, body)`, `createTask(fn)` and a `signal`, and says that it has no more. */
export const minimalTarget: ConformanceTarget = {
  name: "minimal",
  version: "1.0.0",
  api: { taskGroup },
  capabilities: {
    "option.timeout": "it has no deadlines",
    "option.limit": "it has no limits",
    "option.failFast": "it always fails fast",
    "option.memberCancel": "its handles are promises",
    "task option.eager": "its members start later",
    "task option.background": "it waits for every member",
  },
};
