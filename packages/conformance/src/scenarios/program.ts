/** The root group, and what happens to it from outside. */
export interface Program {
  readonly options?: GroupOptions;
  /** Semaphores by name, with their permits. */
  readonly semaphores?: Readonly<Record<string, number>>;
  readonly events?: readonly string[];
  /** Queues by name, with their largest size; 0 is none. */
  readonly queues?: Readonly<Record<string, number>>;
  /** When the outside cancels the root group, with which reason. After the program's end it does nothing. */
  readonly abort?: { readonly at: number; readonly reason: string };
  readonly body: readonly Step[];
}

export interface GroupOptions {
  readonly timeout?: number;
  readonly limit?: number;
  readonly failFast?: boolean;
  readonly memberCancel?: boolean;
}

export type Json = string | number | boolean | null;

/** A step is an object; one of its keys, by custom the first, says what it does. */
export type Step =
  | { readonly log: string }
  | { readonly sleep: number }
  /** `Boom(x)`: an error of the class Boom with the message x. `KeyboardInterrupt()` and `SystemExit()` are the language's own. */
  | { readonly throw: string }
  /** Ends the function (a member's or a body's) with the value. Not in `finally`. */
  | { readonly return: Json }
  | SpawnStep
  /** Opens a group under the scope, and leaves it when it is over; what it throws is thrown here. */
  | { readonly group: string; readonly options?: GroupOptions; readonly body: readonly Step[] }
  /** `group.cancel()` of the group that is named. */
  | { readonly cancel: string }
  /** `task.cancel()` of the member that is named. Says `cancel a: true` or `cancel a: false`. */
  | { readonly cancelTask: string }
  /** Awaits the member's handle, whatever is cancelled meanwhile; its error is thrown here. Says `a gave 1`. */
  | { readonly await: string }
  /** Says `a is running`, or whatever its state is. */
  | { readonly state: string }
  | TryStep
  /** Runs under a scope that no cancellation from outside reaches. */
  | { readonly shield: readonly Step[]; readonly timeout?: number }
  | { readonly failAfter: number; readonly body: readonly Step[] }
  /** Says `in time` or `timed out`. */
  | { readonly moveOnAfter: number; readonly body: readonly Step[] }
  /** Acquires a permit of the semaphore, runs, and gives it back. */
  | { readonly hold: string; readonly body: readonly Step[] }
  | { readonly wait: string }
  | { readonly set: string }
  | { readonly put: string; readonly item: Json }
  /** Says `got 1`. */
  | { readonly get: string };

/** Creates a member in the nearest group, or in the one that is named. */
export interface SpawnStep {
  readonly spawn: string;
  readonly body: readonly Step[];
  readonly in?: string;
  readonly eager?: boolean;
  readonly background?: boolean;
}

/**
 * `catch` takes a failure, a cancellation of the own scope, or both, runs `do`, and goes on; `finally` runs whatever
 * happens.
 */
export interface TryStep {
  readonly try: readonly Step[];
  readonly catch?: "failure" | "cancellation" | "any";
  readonly do?: readonly Step[];
  readonly finally?: readonly Step[];
}
