import type { AsyncEvent, AsyncQueue, Semaphore } from "@cohort/core";
import type { Trial } from "../trial.ts";
import { type Coroutine, runCoroutine } from "./coroutine.ts";
import { errorLine } from "./error-text.ts";
import type { Json, Program, SpawnStep, Step, TryStep } from "./program.ts";
import { ProgramError } from "./program-error.ts";
import {
  type Body,
  isCancellationOf,
  type MemberHandle,
  type ProgramGroup,
  type ProgramScope,
} from "./program-scope.ts";
import type { StepOf } from "./step-kind.ts";
import { errorOf } from "./thrown-error.ts";

/** A `return` step on its way to the end of its function. */
interface Returned {
  readonly value: Json;
}

/** Where a step runs: whose function it is in, the innermost scope, the nearest group. */
interface At {
  readonly who: string;
  readonly scope: ProgramScope;
  readonly group: ProgramGroup;
}

type Steps = Coroutine<Returned | undefined>;

/** One run of a program: the groups, members and the rest that its steps name, and what each step does. */
export class ProgramRun {
  private readonly trial: Trial;
  private readonly program: Program;
  private readonly outside: Error;
  private readonly groups: Map<string, ProgramGroup> = new Map();
  private readonly members: Map<string, MemberHandle> = new Map();
  private readonly semaphores: Map<string, Semaphore> = new Map();
  private readonly events: Map<string, AsyncEvent> = new Map();
  private readonly queues: Map<string, AsyncQueue<Json>> = new Map();

  constructor(trial: Trial, program: Program, outside: Error) {
    this.trial = trial;
    this.program = program;
    this.outside = outside;
    const { api } = trial;
    const { semaphores = {}, events = [], queues = {} } = program;
    for (const [name, permits] of Object.entries(semaphores)) this.semaphores.set(name, new api.Semaphore(permits));
    for (const name of events) this.events.set(name, new api.AsyncEvent());
    for (const [name, size] of Object.entries(queues)) this.queues.set(name, new api.AsyncQueue<Json>(size));
  }

  /** Runs the root group, and settles as it does. */
  root(signal: AbortSignal | undefined): Promise<unknown> {
    const { taskGroup } = this.trial.api as unknown as { taskGroup: (...args: unknown[]) => Promise<unknown> };
    const { options, body } = this.program;
    return taskGroup(...optional(signal === undefined ? options : { ...options, signal }), this.bodyOf("main", body));
  }

  private bodyOf(name: string, steps: readonly Step[]): Body {
    return (scope) => {
      const group = scope as ProgramGroup;
      this.groups.set(name, group);
      return runCoroutine(this.function({ who: name, scope, group }, steps));
    };
  }

  /** The function of a member or a body: says that it starts, and how it ends, before its group can do anything about it. */
  private *function(at: At, steps: readonly Step[]): Coroutine<Json | undefined> {
    this.say(at, "starts");
    let ended: Returned | undefined;
    try {
      ended = yield* this.steps(at, steps);
    } catch (error) {
      this.say(at, isCancellationOf(at.scope, error) ? "cancelled" : `failed ${errorLine(error, this.outside)}`);
      throw error;
    }
    this.say(at, "done");
    return ended?.value;
  }

  private *steps(at: At, steps: readonly Step[]): Steps {
    for (const step of steps) {
      const ended = yield* this.step(at, step);
      if (ended !== undefined) return ended;
    }
    return undefined;
  }

  private *step(at: At, step: Step): Steps {
    if ("log" in step) this.say(at, step.log);
    else if ("sleep" in step) yield this.trial.sleep(at.scope as Required<ProgramScope>, step.sleep);
    else if ("throw" in step) throw errorOf(step.throw, this.trial.api);
    else if ("return" in step) return { value: step.return };
    else if ("spawn" in step) this.spawn(at, step);
    else if ("group" in step) yield* this.group(at, step);
    else if ("cancel" in step) this.groups.get(step.cancel)?.cancel?.();
    else if ("cancelTask" in step)
      this.say(at, `cancel ${step.cancelTask}: ${this.members.get(step.cancelTask)?.cancel?.()}`);
    else if ("await" in step) yield* this.await(at, step.await);
    else if ("state" in step) this.say(at, `${step.state} is ${this.members.get(step.state)?.state}`);
    else if ("try" in step) return yield* this.try(at, step);
    else if ("shield" in step) return yield* this.shield(at, step);
    else if ("failAfter" in step) return (yield this.deadline(at, "failAfter", step.failAfter, step.body)) as Returned;
    else if ("moveOnAfter" in step) return yield* this.moveOnAfter(at, step);
    else if ("hold" in step) return yield* this.hold(at, step);
    else if ("wait" in step) yield found(this.events, step.wait).wait(forScope(at));
    else if ("set" in step) found(this.events, step.set).set();
    else if ("put" in step) yield found(this.queues, step.put).put(step.item, forScope(at));
    else this.say(at, `got ${JSON.stringify(yield found(this.queues, step.get).get(forScope(at)))}`);
    return undefined;
  }

  private spawn(at: At, { spawn: name, in: where, body, eager, background }: SpawnStep): void {
    const group = where === undefined ? at.group : found(this.groups, where);
    const options = { ...(eager === undefined ? {} : { eager }), ...(background === undefined ? {} : { background }) };
    const fn: Body = (scope) => runCoroutine(this.function({ who: name, scope, group }, body));
    this.members.set(name, group.createTask(fn, ...optional(options)));
  }

  private *group(at: At, { group: name, options, body }: StepOf<"group">): Coroutine<void> {
    const opener = at.scope as Required<ProgramScope>;
    try {
      yield this.trial.nested(opener, ...optional(options), this.bodyOf(name, body));
    } catch (error) {
      const how = isCancellationOf(at.scope, error) ? "cancelled" : `with ${errorLine(error, this.outside)}`;
      this.trial.say(`${name}: left ${how}`);
      throw error;
    }
    this.trial.say(`${name}: left`);
  }

  private *await(at: At, name: string): Coroutine<void> {
    const value = yield found(this.members, name);
    this.say(at, `${name} gave ${JSON.stringify(value ?? null)}`);
  }

  private *try(at: At, { try: steps, catch: what, do: handler = [], finally: last = [] }: TryStep): Steps {
    try {
      return yield* this.steps(at, steps);
    } catch (error) {
      const kind = isCancellationOf(at.scope, error) ? "cancellation" : "failure";
      if (what !== kind && what !== "any") throw error;
      return yield* this.steps(at, handler);
    } finally {
      yield* this.steps(at, last);
    }
  }

  private *shield(at: At, { shield: steps, timeout }: StepOf<"shield">): Steps {
    const { shield } = at.scope;
    const options = timeout === undefined ? [] : [{ timeout }];
    if (typeof shield === "function") return (yield shield(...options, this.under(at, steps))) as Returned | undefined;
    return yield* this.steps({ ...at, scope: { signal: new AbortController().signal } }, steps);
  }

  private *moveOnAfter(at: At, { moveOnAfter, body }: StepOf<"moveOnAfter">): Steps {
    const given = (yield this.deadline(at, "moveOnAfter", moveOnAfter, body)) as MovedOn;
    this.say(at, given.timedOut ? "timed out" : "in time");
    return given.value;
  }

  private *hold(at: At, { hold, body }: StepOf<"hold">): Steps {
    const permit = (yield found(this.semaphores, hold).acquire(forScope(at))) as { release(): void };
    try {
      return yield* this.steps(at, body);
    } finally {
      permit.release();
    }
  }

  private deadline(at: At, name: "failAfter" | "moveOnAfter", ms: number, steps: readonly Step[]): Promise<unknown> {
    const method = at.scope[name];
    const body = this.under(at, steps);
    if (typeof method === "function") return method(ms, body);
    return (this.trial.api[name] as unknown as DeadlineFn)(ms, body, { signal: at.scope.signal });
  }

  /** The steps under a scope within the function. */
  private under(at: At, steps: readonly Step[]): Body {
    return (scope) => runCoroutine(this.steps({ ...at, scope }, steps));
  }

  private say({ who }: At, text: string): void {
    this.trial.say(`${who}: ${text}`);
  }
}

interface MovedOn {
  readonly timedOut: boolean;
  readonly value?: Returned;
}

type DeadlineFn = (ms: number, body: Body, options: object) => Promise<unknown>;

/** Options as arguments: none at all where nothing is asked for, since an implementation may not take any. */
function optional(options: object | undefined): object[] {
  return options === undefined || Object.keys(options).length === 0 ? [] : [options];
}

/** `checkProgram` has seen that every name exists, but a step may run before what it names. */
function found<T>(all: ReadonlyMap<string, T>, name: string): T {
  const one = all.get(name);
  if (one === undefined) throw new ProgramError(`"${name}" doesn't exist yet`);
  return one;
}

/** For whom a waiting call waits. */
function forScope(at: At): AbortSignal {
  return at.scope as unknown as AbortSignal;
}
