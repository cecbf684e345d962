import type { Instrument } from "./instruments.ts";
import { RootScope } from "./root-scope.ts";
import type { RuntimeAdapter } from "./runtime-adapter.ts";
import { SignalHubs } from "./signal-hub.ts";

/** An adapter with the state that its groups share. Opaque to users: the testing package takes its clock over. */
export interface Runtime {
  readonly name: string;
}

export class RuntimeState implements Runtime {
  adapter: RuntimeAdapter;
  /** What the functions bound to it work on: itself, unless a test has taken over. */
  current: RuntimeState = this;
  lastId = 0;
  readonly root: RootScope;
  readonly hubs: SignalHubs = new SignalHubs();
  /** Undefined while nobody looks, so that a site that could tell somebody costs a comparison (DX-2). */
  instruments: readonly Instrument[] | undefined;
  /** Those that `addInstrument` installed. */
  installed: readonly Instrument[] = [];

  private epoch: number | undefined;
  private turn: number | undefined;

  constructor(adapter: RuntimeAdapter) {
    this.adapter = adapter;
    this.root = new RootScope(this);
  }

  get name(): string {
    return this.adapter.name;
  }

  /** Does anybody look? */
  get isWatched(): boolean {
    if (this.turn === undefined) this.beginTurn();
    return this.instruments !== undefined;
  }

  /** Puts together who looks: the instruments of users, and the host's own while somebody listens to it. */
  observe(): void {
    const host = this.adapter.instrument?.();
    const all = host === undefined ? this.installed : [...this.installed, host];
    this.instruments = all.length > 0 ? all : undefined;
  }

  /** Whole ms since the runtime first asked. */
  time(): number {
    if (this.turn === undefined) this.beginTurn();
    return this.turn as number;
  }

  /**
   * The clock and the host's instrument are looked at once a turn, not once a member. Apart from those who ask: a method
   * that makes a function over `this` allocates room for it at each call, also where it doesn't come to that.
   */
  private beginTurn(): void {
    this.observe();
    const now = Math.round(this.adapter.now());
    this.epoch ??= now;
    this.turn = now - this.epoch;
    void Promise.resolve().then(() => {
      this.turn = undefined;
    });
  }
}

/** What a function that is bound to the runtime works on at this moment. */
export function stateOf(runtime: Runtime): RuntimeState {
  return (runtime as RuntimeState).current;
}

/**
 * Makes a runtime of an adapter: the way to bring Cohort to a host it doesn't know. Bind the functions you want to it.
 *
 * @example
 * ```ts
 * const runtime = defineRuntime(myAdapter);
 * export const taskGroup: TaskGroupFn = bindTaskGroup(runtime);
 * ```
 */
export function defineRuntime<Timer>(adapter: RuntimeAdapter<Timer>): Runtime {
  return new RuntimeState(adapter as RuntimeAdapter);
}
