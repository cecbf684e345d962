import { asCompleted } from "./as-completed.ts";
import { type Block, type Place, runBlock } from "./block.ts";
import type { CancelScope } from "./cancel-scope.ts";
import { isCancellation } from "./cancellation.ts";
import { DeadlineBlock, toMoment } from "./deadline.ts";
import { firstSuccess } from "./first-success.ts";
import { gather } from "./gather.ts";
import { map } from "./map.ts";
import { Leaving } from "./open-task-group.ts";
import { listening, under } from "./place.ts";
import type {
  Body,
  Cancellable,
  DeadlineScope,
  Draining,
  MoveOn,
  OpenTaskGroup,
  Scope,
  ShieldOptions,
  ShieldScope,
  Task,
  TaskGroup,
  TaskGroupOptions,
  TaskOptions,
  TaskScope,
} from "./scope.ts";
import { ShieldBlock } from "./shield.ts";
import type { TaskRecord } from "./task.ts";
import { TaskGroupScope } from "./task-group.ts";
import { abortable, checkDuration, onCancel, sleep } from "./wait.ts";
import { LIVE } from "./waitable.ts";

/**
 * What a function gets of the scope it runs under: one field, and getters that make their function when they are read, so
 * that everything works destructured and a member that asks for nothing costs nothing. Not thenable (ME-1).
 */
class ScopeView<S extends CancelScope = CancelScope> implements TaskScope {
  readonly #record: S;

  constructor(record: S) {
    this.#record = record;
  }

  /** What recordOf() asks. */
  get record(): S {
    return this.#record;
  }

  get id(): number {
    return this.#record.id;
  }

  get name(): string {
    return this.record.name;
  }

  get path(): readonly string[] {
    return this.record.path;
  }

  get signal(): AbortSignal {
    return this.record.signal;
  }

  get reason(): unknown {
    const { reason } = this.record;
    return reason === LIVE ? undefined : reason;
  }

  get isCancelled(): Scope["isCancelled"] {
    return () => this.record.isCancelled;
  }

  get throwIfCancelled(): Scope["throwIfCancelled"] {
    return () => {
      if (this.record.isCancelled) throw this.record.reason;
    };
  }

  get isCancellation(): Scope["isCancellation"] {
    return (error) => isCancellation(this.record, error);
  }

  get onCancel(): Scope["onCancel"] {
    return (callback) => onCancel(this.record, callback);
  }

  get sleep(): Scope["sleep"] {
    return (ms) => sleep(this.record.runtime, this.record, ms);
  }

  get abortable(): Scope["abortable"] {
    return (promise) => abortable(this.record, promise);
  }

  get taskGroup(): Scope["taskGroup"] {
    return (...args: unknown[]) => runTaskGroup(() => under(this.record), args) as never;
  }

  get openTaskGroup(): Scope["openTaskGroup"] {
    return (options = {}) => openGroup(under(this.record), options);
  }

  get failAfter(): Scope["failAfter"] {
    return (ms, body, options) => runDeadline(() => under(this.record), after(ms), body, options) as never;
  }

  get failAt(): Scope["failAt"] {
    return (when, body, options) => runDeadline(() => under(this.record), at(when), body, options) as never;
  }

  get moveOnAfter(): Scope["moveOnAfter"] {
    return (ms, body, options) => moveOn(() => under(this.record), after(ms), body, options) as never;
  }

  get shield(): Scope["shield"] {
    return (...args: unknown[]) => runShield(this.record, args) as never;
  }

  get gather(): Scope["gather"] {
    return (fns, options) => gather(() => under(this.record), viewOfTask, fns, options) as never;
  }

  get firstSuccess(): Scope["firstSuccess"] {
    return (fns, options) => firstSuccess(() => under(this.record), viewOfTask, fns, options) as never;
  }

  get asCompleted(): Scope["asCompleted"] {
    return (fns, options) => asCompleted(under(this.record), viewOfTask, fns, options) as never;
  }

  get map(): Scope["map"] {
    return (source, fn, options) => map(under(this.record), viewOfTask, source, fn, options);
  }
}

class DeadlineView extends ScopeView<DeadlineBlock> implements DeadlineScope {
  get expired(): boolean {
    return this.record.expired;
  }

  get when(): number {
    return this.record.when;
  }

  get reschedule(): DeadlineScope["reschedule"] {
    return (when) => this.record.reschedule(toMoment(when));
  }
}

class ShieldView extends ScopeView<ShieldBlock> implements ShieldScope {
  get outer(): ShieldScope["outer"] {
    return new ScopeView(this.record.parent as CancelScope);
  }
}

class TaskGroupView extends ScopeView<TaskGroupScope> implements TaskGroup {
  // Own, not a getter: it is called once per member.
  readonly createTask: TaskGroup["createTask"];

  constructor(group: TaskGroupScope) {
    super(group);
    this.createTask = (fn, options) => group.createTask(fn as TaskRecord["fn"], options) as Task<unknown> as never;
  }

  get start(): TaskGroup["start"] {
    return (fn, options?: TaskOptions) => this.record.start(fn as never, options) as never;
  }

  get cancel(): TaskGroup["cancel"] {
    return (reason) => this.record.cancel(reason);
  }

  get idle(): TaskGroup["idle"] {
    return () => this.record.idle();
  }

  get size(): number {
    return this.record.size;
  }

  get tasks(): Iterable<Task<unknown>> {
    return { [Symbol.iterator]: () => this.record.members() };
  }

  get use(): TaskGroup["use"] {
    return (resource) => {
      this.record.cleanups.use(resource);
      return resource;
    };
  }

  get defer(): TaskGroup["defer"] {
    return (cleanup) => this.record.cleanups.defer(cleanup);
  }
}

class OpenTaskGroupView extends TaskGroupView {
  readonly join: OpenTaskGroup["join"];
  readonly close: OpenTaskGroup["close"];

  constructor(group: TaskGroupScope) {
    super(group);
    const leaving = new Leaving(group);
    this.join = () => leaving.join();
    this.close = () => leaving.close();
    if (Symbol.asyncDispose) Object.assign(this, { [Symbol.asyncDispose]: this.close });
  }
}

export function viewOfTask(record: TaskRecord | Block): TaskScope {
  // Not of a class of its own: one is made per member, and an object of a derived class takes twice the time.
  return new ScopeView(record);
}

export function runTaskGroup(place: (options: Cancellable) => Place, args: readonly unknown[]): Promise<unknown> {
  let body: Body<TaskGroup, unknown>;
  return runBlock(
    () => {
      const [options, fn] = optionsAndBody<TaskGroupOptions, TaskGroup>("taskGroup", args);
      body = fn;
      return new TaskGroupScope(listening(place(options), options), options, viewOfTask);
    },
    (group) => body(new TaskGroupView(group)),
  );
}

export function openGroup(place: Place, options: TaskGroupOptions): OpenTaskGroup {
  return new OpenTaskGroupView(new TaskGroupScope(listening(place, options), options, viewOfTask)) as never;
}

export function runDeadline(
  place: () => Place,
  moment: (now: number) => number,
  body: Body<DeadlineScope, unknown>,
  options?: DeadlineOptions,
): Promise<unknown> {
  return runBlock(
    () => deadlineBlock("failAfter", place, moment, body, options),
    (block) => body(new DeadlineView(block)),
  );
}

export async function moveOn(
  place: () => Place,
  moment: (now: number) => number,
  body: Body<DeadlineScope, unknown>,
  options?: DeadlineOptions,
): Promise<MoveOn<unknown>> {
  const block = deadlineBlock("moveOnAfter", place, moment, body, options);
  try {
    return {
      timedOut: false,
      value: await runBlock(
        () => block,
        () => body(new DeadlineView(block)),
      ),
    };
  } catch (error) {
    if (block.timedOut) return { timedOut: true };
    throw error;
  }
}

function runShield(parent: CancelScope, args: readonly unknown[]): Promise<unknown> {
  let body: Body<ShieldScope, unknown>;
  return runBlock(
    () => {
      const [options, fn] = optionsAndBody<ShieldOptions, ShieldScope>("shield", args);
      body = fn;
      return new ShieldBlock(under(parent), options);
    },
    (block) => body(new ShieldView(block)),
  );
}

type DeadlineOptions = Draining & Omit<Cancellable, "timeout">;

function deadlineBlock(
  what: string,
  place: () => Place,
  moment: (now: number) => number,
  body: unknown,
  options: DeadlineOptions = {},
): DeadlineBlock {
  checkBody(what, body);
  return new DeadlineBlock(listening(place(), options), moment, options);
}

/** The moment `ms` from now; checks that it is a duration. */
export function after(ms: number): (now: number) => number {
  return (now) => {
    checkDuration(ms);
    return now + ms;
  };
}

export function at(when: Date | number): () => number {
  return () => toMoment(when);
}

function optionsAndBody<O extends object, S>(what: string, args: readonly unknown[]): [O, Body<S, unknown>] {
  const [options, body] = args.length < 2 ? [{}, args[0]] : args;
  checkBody(what, body);
  if (typeof options !== "object" || options === null) throw new TypeError(`the options of ${what} must be an object`);
  return [options as O, body as Body<S, unknown>];
}

function checkBody(what: string, body: unknown): void {
  if (typeof body !== "function") throw new TypeError(`${what} needs a function, not ${typeof body}`);
}
