import { type Block, type Place, runBlock } from "./block.ts";
import { type CancelScope, LIVE } from "./cancel-scope.ts";
import { isCancellation } from "./cancellation.ts";
import { DeadlineBlock, toMoment } from "./deadline.ts";
import { Leaving } from "./open-task-group.ts";
import type { RuntimeState } from "./runtime.ts";
import type {
  Body,
  Cancellable,
  DeadlineScope,
  Draining,
  For,
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
import { scopeOfSignal } from "./signal-hub.ts";
import type { TaskRecord } from "./task.ts";
import { TaskGroupScope } from "./task-group.ts";
import { abortable, checkDuration, onCancel, sleep } from "./wait.ts";

/**
 * What a function gets of the scope it runs under: one field, and getters that make their function when they are read, so
 * that everything works destructured and a member that asks for nothing costs nothing. Not thenable (ME-1).
 */
class ScopeView implements Scope {
  readonly #scope: CancelScope;

  constructor(scope: CancelScope) {
    this.#scope = scope;
  }

  /** The record behind a view of this copy of the library; undefined for anything else (DX-8). */
  static scopeOf(view: object): CancelScope | undefined {
    return #scope in view ? view.#scope : undefined;
  }

  get name(): string {
    return this.#scope.name;
  }

  get path(): readonly string[] {
    return this.#scope.path;
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  get reason(): unknown {
    const { reason } = this.#scope;
    return reason === LIVE ? undefined : reason;
  }

  get isCancelled(): Scope["isCancelled"] {
    return () => this.#scope.isCancelled;
  }

  get throwIfCancelled(): Scope["throwIfCancelled"] {
    return () => {
      if (this.#scope.isCancelled) throw this.#scope.reason;
    };
  }

  get isCancellation(): Scope["isCancellation"] {
    return (error) => isCancellation(this.#scope, error);
  }

  get onCancel(): Scope["onCancel"] {
    return (callback) => onCancel(this.#scope, callback);
  }

  get sleep(): Scope["sleep"] {
    return (ms) => sleep(this.#scope, ms);
  }

  get abortable(): Scope["abortable"] {
    return (promise) => abortable(this.#scope, promise);
  }

  get taskGroup(): Scope["taskGroup"] {
    return (...args: unknown[]) => runTaskGroup(() => under(this.#scope), args) as never;
  }

  get openTaskGroup(): Scope["openTaskGroup"] {
    return (options = {}) => openGroup(under(this.#scope), options);
  }

  get failAfter(): Scope["failAfter"] {
    return (ms, body, options) => runDeadline(() => under(this.#scope), after(ms), body, options) as never;
  }

  get failAt(): Scope["failAt"] {
    return (when, body, options) => runDeadline(() => under(this.#scope), at(when), body, options) as never;
  }

  get moveOnAfter(): Scope["moveOnAfter"] {
    return (ms, body, options) => moveOn(() => under(this.#scope), after(ms), body, options) as never;
  }

  get shield(): Scope["shield"] {
    return (...args: unknown[]) => runShield(this.#scope, args) as never;
  }
}

class TaskView extends ScopeView implements TaskScope {
  get id(): number {
    return recordOf<CancelScope>(this).id;
  }
}

class DeadlineView extends ScopeView implements DeadlineScope {
  get expired(): boolean {
    return recordOf<DeadlineBlock>(this).expired;
  }

  get when(): number {
    return recordOf<DeadlineBlock>(this).when;
  }

  get reschedule(): DeadlineScope["reschedule"] {
    return (when) => recordOf<DeadlineBlock>(this).reschedule(toMoment(when));
  }
}

class ShieldView extends ScopeView implements ShieldScope {
  get outer(): ShieldScope["outer"] {
    return new ScopeView(recordOf<ShieldBlock>(this).parent as CancelScope);
  }
}

class TaskGroupView extends ScopeView implements TaskGroup {
  // Own, not a getter: it is called once per member.
  readonly createTask: TaskGroup["createTask"];

  constructor(group: TaskGroupScope) {
    super(group);
    this.createTask = (fn, options) => group.createTask(fn as TaskRecord["fn"], options) as Task<unknown> as never;
  }

  get start(): TaskGroup["start"] {
    return (fn, options?: TaskOptions) => recordOf<TaskGroupScope>(this).start(fn as never, options) as never;
  }

  get cancel(): TaskGroup["cancel"] {
    return (reason) => recordOf<TaskGroupScope>(this).cancel(reason);
  }

  get idle(): TaskGroup["idle"] {
    return () => recordOf<TaskGroupScope>(this).idle();
  }

  get size(): number {
    return recordOf<TaskGroupScope>(this).size;
  }

  get tasks(): Iterable<Task<unknown>> {
    return { [Symbol.iterator]: () => recordOf<TaskGroupScope>(this).members() };
  }

  get use(): TaskGroup["use"] {
    return (resource) => {
      recordOf<TaskGroupScope>(this).cleanups.use(resource);
      return resource;
    };
  }

  get defer(): TaskGroup["defer"] {
    return (cleanup) => recordOf<TaskGroupScope>(this).cleanups.defer(cleanup);
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

function recordOf<S extends CancelScope>(view: ScopeView): S {
  return ScopeView.scopeOf(view) as S;
}

/** The record behind a scope of this copy of the library, or undefined. */
export function scopeRecordOf(view: object): CancelScope | undefined {
  return ScopeView.scopeOf(view);
}

export function viewOfTask(record: TaskRecord | Block): TaskScope {
  return new TaskView(record);
}

function under(parent: CancelScope): Place {
  return { runtime: parent.runtime, parent, signals: [] };
}

/** The place that the options of a call from outside any scope name: under their parent, or under nobody. */
export function placeOf(runtime: RuntimeState, { parent }: Cancellable = {}): Place {
  const record = parent === undefined || parent === null ? runtime.root : scopeRecordOf(parent);
  if (record !== undefined) return { runtime, parent: record, signals: [] };
  return { runtime, parent: runtime.root, signals: [(parent as Scope).signal] };
}

/** The place with the signal of the options, which cancels from outside as well. */
export function listening(place: Place, { signal }: { readonly signal?: AbortSignal | null | undefined }): Place {
  return signal ? { ...place, signals: [...place.signals, signal] } : place;
}

/** The scope of whoever waits: a scope's record, a signal's, or nobody's. */
export function waitingScope(runtime: RuntimeState, scope: For | null | undefined): CancelScope {
  if (scope === undefined || scope === null) return runtime.root;
  return scopeRecordOf(scope) ?? scopeOfSignal(runtime, "signal" in scope ? scope.signal : scope);
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
  const at = listening(place(), options);
  return new DeadlineBlock(at, moment(at.runtime.adapter.now()), options);
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
