import {
  createScope,
  ensure,
  type Operation,
  sleep,
  spawn,
  type Task,
  type WithResolvers,
  withResolvers,
} from "effection";
import type { ConformanceTarget } from "@cohort/conformance";
import { CancelledError, type Failure, GroupError, InvalidStateError, type Member, TimeoutError } from "./errors.ts";
import type { Body, Group, Options, Scope } from "./group.ts";
import { isAbort } from "./is-abort.ts";
import { LazySignal } from "./lazy-signal.ts";
import { onAbort } from "./on-abort.ts";
import { QuietPromise } from "./quiet-promise.ts";
import { settled } from "./settled.ts";

// A task group over effection, a library of structured concurrency with generators and a scheduler of its own. The body and
// each member are tasks in one scope of effection; to cancel is to halt them, and a halted task waits in its `finally` for
// the function that it runs: effection can leave a promise behind, a task group can't.

type Outcome = { readonly value: unknown } | { readonly error: unknown };

let lastId = 0;

/** A function that runs as a task of effection, with the AbortSignal by which it learns that the task is being halted. */
class Running {
  readonly scope: Scope;
  task: Task<void> | undefined;
  /** Is there something to wait for? */
  isStarted = false;
  private readonly signal: LazySignal;
  private readonly ended: WithResolvers<Outcome> = withResolvers();
  private outcome: Outcome | undefined;

  constructor(name: string) {
    const signal = new LazySignal();
    this.signal = signal;
    this.scope = {
      name,
      get signal() {
        return signal.read();
      },
    };
  }

  /** Calls the function; outside of effection's scheduler, so that what it cancels is cancelled before it goes on. */
  start<A>(fn: (argument: A) => unknown, argument: A): void {
    this.isStarted = true;
    const end = (outcome: Outcome): void => this.ended.resolve((this.outcome = outcome));
    settled(fn, argument).then(
      (value) => end({ value }),
      (error: unknown) => end({ error }),
    );
  }

  abort(reason: unknown): void {
    this.signal.abort(reason);
  }

  /** What the task does: it waits for the function, which effection can't halt, although it is being halted itself. */
  *operation(reason: () => unknown, callback: (outcome: Outcome) => void): Operation<void> {
    try {
      yield* this.ended.operation;
    } finally {
      if (this.outcome === undefined) {
        this.abort(reason());
        if (this.isStarted) yield* this.ended.operation;
      }
      callback(this.outcome ?? { error: reason() });
    }
  }
}

function taskGroup<T>(body: Body<T>): Promise<T | undefined>;
function taskGroup<T>(options: Options, body: Body<T>): Promise<T | undefined>;
async function taskGroup<T>(...args: [Body<T>] | [Options, Body<T>]): Promise<T | undefined> {
  const [options, body] = args.length === 1 ? [{}, args[0]] : args;
  if (typeof body !== "function") throw new TypeError("taskGroup needs a function");
  const { name = `TaskGroup-${++lastId}`, signal: outside, timeout = Infinity } = options;
  if (typeof timeout !== "number") throw new TypeError("a timeout is a number of milliseconds");
  if (!(timeout >= 0)) throw new RangeError(`a timeout can't be ${timeout}`);

  const [tasks, destroy] = createScope();
  const drained = withResolvers<void>();
  const main = new Running(name);
  const live = new Set([main]);
  const leaves: (Failure & { readonly handle: QuietPromise<unknown> | undefined })[] = [];
  let cancelled: { readonly reason: unknown } | undefined;
  let expired: TimeoutError | undefined;
  let isCutShort = false; // somebody ended cancelled
  let value: T | undefined;

  const reason = (): unknown => cancelled?.reason;
  const halt = (why: unknown): void => {
    if (cancelled !== undefined || live.size === 0) return;
    cancelled = { reason: why };
    // Not by the scope's destroy(): that halts one after the other, each when the one before has ended (CA-3).
    const members = [...live].filter((each) => each !== main);
    for (const { task } of [...members, main]) void task?.halt().then(() => {});
  };
  /** Takes note of how somebody ended. Gives what their handle settles with: a cancellation as its reason. */
  const left = (running: Running, outcome: Outcome, task?: Member, handle?: QuietPromise<unknown>): Outcome => {
    live.delete(running);
    const noted = "error" in outcome ? { error: noteOf(outcome.error, task, handle) } : outcome;
    if (live.size === 0) drained.resolve();
    return noted;
  };
  const noteOf = (error: unknown, task?: Member, handle?: QuietPromise<unknown>): unknown => {
    if (cancelled !== undefined && isAbort(error, cancelled.reason)) {
      isCutShort = true;
      return cancelled.reason;
    }
    const isObject = Object(error) === error;
    const known = leaves.find((leaf) => Object.is(leaf.error, error) && (isObject || leaf.handle?.isAwaited));
    if (known === undefined) leaves.push({ error, task, also: [], handle });
    else if (task !== undefined) known.also.push(task);
    const who = task === undefined ? "the body" : `task "${task.name}"`;
    halt(new CancelledError(`${who} failed in TaskGroup "${name}"`, { cause: error }));
    return error;
  };

  const group: Group = {
    name,
    get signal() {
      return main.scope.signal;
    },
    cancel: (...[cause]) =>
      halt(new CancelledError(`TaskGroup "${name}" was cancelled`, cause === undefined ? {} : { cause })),
    createTask: (fn, { name: own } = {}) => {
      if (typeof fn !== "function") throw new TypeError("createTask needs a function");
      if (live.size === 0) throw new InvalidStateError(`TaskGroup "${name}" is finished`);
      const id = ++lastId;
      const member = { id, name: own ?? `Task-${id}`, path: [name, own ?? `Task-${id}`] };
      let settle!: (outcome: Outcome) => void;
      const handle = new QuietPromise<never>((resolve, reject) => {
        settle = (outcome) => ("error" in outcome ? reject(outcome.error) : resolve(outcome.value as never));
      });
      if (cancelled === undefined) {
        const running = new Running(member.name);
        live.add(running);
        const ended = (outcome: Outcome): void => settle(left(running, outcome, member, handle));
        running.task = tasks.run(() => running.operation(reason, ended));
        // In the second microtask: in the first the body may be seen to have failed before its first wait (ME-2).
        void Promise.resolve()
          .then(() => {})
          .then(() => cancelled ?? running.start(fn, running.scope));
      } else {
        isCutShort = true;
        settle({ error: cancelled.reason });
      }
      return handle;
    },
  };

  function* deadline(): Operation<void> {
    const most = 2 ** 31 - 1; // what a host's timer can do (TO-6)
    for (let left = timeout; left > 0; left -= most) yield* sleep(Math.min(left, most));
    if (cancelled !== undefined) return;
    expired = new TimeoutError(`TaskGroup "${name}" ran out of time after ${timeout} ms`);
    halt(new CancelledError(expired.message, { cause: expired }));
  }

  main.isStarted = true; // the body runs whatever comes before it
  main.task = tasks.run(function* () {
    try {
      yield* main.operation(reason, (outcome) => {
        left(main, outcome);
        if ("value" in outcome) value = outcome.value as T;
      });
      yield* drained.operation;
    } finally {
      if (cancelled !== undefined) main.abort(cancelled.reason); // the group's own scope, although its body has ended
    }
  });
  const block = tasks.run(function* () {
    if (outside?.aborted) halt(outside.reason);
    else if (outside) yield* ensure(onAbort(outside, () => halt(outside.reason)));
    if (timeout === 0) yield* deadline();
    else if (timeout !== Infinity) void (yield* spawn(deadline));
    yield* drained.operation;
  });
  main.start(body, group); // in no closure: the group mustn't keep its body (LC-7)
  await block;
  await destroy();

  // Thrown after an await, so that it has the stack of whoever awaits the block (DX-5).
  const out = outside?.aborted ? { cause: outside.reason } : expired && { cause: expired };
  if (leaves.length > 0) {
    const failures = leaves.map(({ error, task, also }) => ({ error, task, also }));
    failures.sort((a, b) => Number(a.task === undefined) - Number(b.task === undefined)); // the body's is last (FF-3)
    throw new GroupError(name, failures, out ?? {});
  }
  if (outside?.aborted || (expired !== undefined && isCutShort)) throw out?.cause;
  return value;
}

export default {
  name: "effection",
  version: "4.1.1",
  api: { taskGroup, CancelledError, TimeoutError, InvalidStateError },
  capabilities: {
    ExceptionGroup: "effection raises one error; what comes out here is an AggregateError, which can't be split",
    "option.parent": "a scope of effection is no scope of the specification: a scope's signal does that",
    "option.limit": "effection starts a task when it is spawned",
    "option.failFast": "in effection an error always ends the scope",
    "option.onFailure": "in effection an error always ends the scope",
    "option.policy": "in effection an error always ends the scope",
    "option.memberCancel": "a handle is a promise; the task that could be halted stays within",
    "option.isCancellation": "what counts as a cancellation is fixed",
    "option.grace": "effection waits for a halted task without a word",
    "option.abandonAfter": "effection can't let go of a task that is being halted",
    "option.debug": "it keeps no record of where a task was created",
    "task option.eager": "the function must not run within effection's scheduler, so it starts on a microtask",
    "task option.background": "effection would halt all that is left when the body ends, not some",
  },
} satisfies ConformanceTarget;
