import type { ConformanceTarget } from "@cohort/conformance";
import { CancelledError, type Failure, GroupError, InvalidStateError, type Member, TimeoutError } from "./errors.ts";
import type { Body, Group, Options } from "./group.ts";
import { isAbort } from "./is-abort.ts";
import { LazySignal } from "./lazy-signal.ts";
import { onAbort } from "./on-abort.ts";
import { QuietPromise } from "./quiet-promise.ts";
import { settled } from "./settled.ts";

// A task group of plain promises: what the least implementation looks like. It is written from the specification, not from
// any other implementation.

let lastId = 0;
const nothing = (): void => {};

function taskGroup<T>(body: Body<T>): Promise<T | undefined>;
function taskGroup<T>(options: Options, body: Body<T>): Promise<T | undefined>;
async function taskGroup<T>(...args: [Body<T>] | [Options, Body<T>]): Promise<T | undefined> {
  const [options, body] = args.length === 1 ? [{}, args[0]] : args;
  if (typeof body !== "function") throw new TypeError("taskGroup needs a function");
  const { name = `TaskGroup-${++lastId}`, signal: outside, timeout = Infinity } = options;
  if (typeof timeout !== "number") throw new TypeError("a timeout is a number of milliseconds");
  if (!(timeout >= 0)) throw new RangeError(`a timeout can't be ${timeout}`);

  let finish: () => void = nothing;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const bodySignal = new LazySignal();
  const live = new Set<LazySignal>([bodySignal]);
  const failures: (Failure & { readonly handle: QuietPromise<unknown> | undefined })[] = [];
  let cancellation: { readonly reason: unknown } | undefined;
  let expired: TimeoutError | undefined;
  let isCutShort = false; // somebody ended cancelled
  let value: T | undefined;

  const cancelFor = (reason: unknown): void => {
    if (cancellation !== undefined || live.size === 0) return;
    cancellation = { reason };
    // Members in the order of their creation, then the body (FF-1).
    for (const signal of [...live].filter((each) => each !== bodySignal)) signal.abort(reason);
    bodySignal.abort(reason);
  };
  /** Takes note of what somebody ended with; gives what a handle is to reject with. */
  const ended = (error: unknown, task?: Member, handle?: QuietPromise<unknown>): unknown => {
    if (cancellation !== undefined && isAbort(error, cancellation.reason)) {
      isCutShort = true;
      return cancellation.reason;
    }
    const isObject = Object(error) === error;
    const known = failures.find((each) => Object.is(each.error, error) && (isObject || each.handle?.isAwaited));
    if (known === undefined) failures.push({ error, task, also: [], handle });
    else if (task !== undefined) known.also.push(task);
    const who = task === undefined ? "the body" : `task "${task.name}"`;
    cancelFor(new CancelledError(`${who} failed in TaskGroup "${name}"`, { cause: error }));
    return error;
  };
  const left = (signal: LazySignal): void => {
    live.delete(signal);
    if (live.size === 0) finish();
  };

  const group: Group = {
    name,
    get signal() {
      return bodySignal.read();
    },
    cancel: (...[cause]) =>
      cancelFor(new CancelledError(`TaskGroup "${name}" was cancelled`, cause === undefined ? {} : { cause })),
    createTask: (fn, { name: own } = {}) => {
      if (typeof fn !== "function") throw new TypeError("createTask needs a function");
      if (live.size === 0) throw new InvalidStateError(`TaskGroup "${name}" is finished`);
      const id = ++lastId;
      const member = { id, name: own ?? `Task-${id}`, path: [name, own ?? `Task-${id}`] };
      const signal = new LazySignal();
      const scope = {
        name: member.name,
        get signal() {
          return signal.read();
        },
      };
      const handle: QuietPromise<Awaited<ReturnType<typeof fn>>> = new QuietPromise((give, refuse) => {
        const failed = (error: unknown): void => {
          const answer = ended(error, member, handle);
          left(signal);
          refuse(answer);
        };
        if (cancellation !== undefined) {
          isCutShort = true;
          return refuse(cancellation.reason);
        }
        live.add(signal);
        const start = (): void => {
          if (cancellation !== undefined) return failed(cancellation.reason);
          settled(fn, scope).then((result) => {
            left(signal);
            give(result as never);
          }, failed);
        };
        // In the second microtask: in the first the body may be seen to have failed before its first wait (ME-2).
        void Promise.resolve().then(nothing).then(start);
      });
      return handle as never;
    },
  };

  const expire = (): void => {
    if (cancellation !== undefined) return;
    expired = new TimeoutError(`TaskGroup "${name}" ran out of time after ${timeout} ms`);
    cancelFor(new CancelledError(expired.message, { cause: expired }));
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (ms: number): void => {
    const most = 2 ** 31 - 1; // what a host's timer can do (TO-6)
    timer = setTimeout(() => (ms > most ? wait(ms - most) : expire()), Math.min(ms, most));
  };
  if (timeout === 0) expire();
  else if (timeout !== Infinity) wait(timeout);
  const abort = (): void => cancelFor(outside?.reason);
  if (outside?.aborted) abort();
  const stopListening = outside?.aborted === false ? onAbort(outside, abort) : undefined;

  settled(body, group).then(
    (given) => {
      value = given;
      left(bodySignal);
    },
    (error: unknown) => {
      ended(error);
      left(bodySignal);
    },
  );
  await finished;
  clearTimeout(timer);
  stopListening?.();

  // Thrown after an await, so that it has the stack of whoever awaits the block (DX-5).
  const out = outside?.aborted ? { cause: outside.reason } : expired && { cause: expired };
  if (failures.length > 0) {
    const leaves = failures.map(({ error, task, also }) => ({ error, task, also }));
    leaves.sort((a, b) => Number(a.task === undefined) - Number(b.task === undefined)); // the body's is last (FF-3)
    throw new GroupError(name, leaves, out ?? {});
  }
  if (outside?.aborted || (expired !== undefined && isCutShort)) throw out?.cause;
  return value;
}

export default {
  name: "plain promises",
  version: "1.0.0",
  api: { taskGroup, CancelledError, TimeoutError, InvalidStateError },
  capabilities: {
    ExceptionGroup: "what comes out is an AggregateError with the failures, which can't be split",
    "option.parent": "a scope's signal does that",
    "option.limit": "p-limit does that",
    "option.failFast": "it always fails fast",
    "option.onFailure": "it always fails fast",
    "option.policy": "it always fails fast",
    "option.memberCancel": "a handle is a promise, and has no cancel()",
    "option.isCancellation": "what counts as a cancellation is fixed",
    "option.grace": "it has nobody to report stragglers to",
    "option.abandonAfter": "it always waits",
    "option.debug": "it keeps no record of where a task was created",
    "task option.eager": "members start on a microtask",
    "task option.background": "it waits for every member",
  },
} satisfies ConformanceTarget;
