import type { TaskScope } from "./scope.ts";
import type { Settled } from "./settled.ts";

/** A function to run as a task. It gets the task's scope. */
export type Fn = (task: TaskScope) => unknown;
/** Some of them; the key is the name of the task. */
export type Fns = readonly Fn[] | Readonly<Record<string, Fn>>;

/** What a function of them gives, awaited. */
export type Ret<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;
/** The results of all, in the shape of the functions. */
export type All<F extends Fns> = { -readonly [K in keyof F]: Ret<F[K]> };
/** How each ended, in the shape of the functions. */
export type AllSettled<F extends Fns> = { -readonly [K in keyof F]: Settled<Ret<F[K]>> };

/** A function with the name of its task. */
export type NamedFn = readonly [name: string, fn: Fn];

/** The functions of an array with their names. Throws a TypeError before any is called if one is none. */
export function namedInArray(what: string, fns: readonly Fn[]): readonly NamedFn[] {
  if (!Array.isArray(fns)) throw new TypeError(`${what} needs an array of functions`);
  const named = Array.from(fns, (fn: Fn, index): NamedFn => [String(index), fn]);
  return checked(what, named);
}

/** The same of an array or a record, of which the own enumerable keys count. */
export function namedIn(what: string, fns: Fns): readonly NamedFn[] {
  if (Array.isArray(fns)) return namedInArray(what, fns);
  // A Set or a Map has no keys of its own: it would pass for a record of nothing.
  if (typeof fns !== "object" || fns === null || Symbol.iterator in fns) {
    throw new TypeError(`${what} needs an array or a record of functions`);
  }
  return checked(what, Object.entries(fns));
}

function checked(what: string, named: readonly NamedFn[]): readonly NamedFn[] {
  for (const [name, fn] of named) {
    if (typeof fn !== "function") throw new TypeError(`${what} needs functions: "${name}" is ${typeof fn}`);
  }
  return named;
}
