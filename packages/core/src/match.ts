type Class<E = unknown> = abstract new (...args: never[]) => E;

/** What picks errors: a class, a list of classes, or a predicate. */
export type Match<E = unknown> =
  | Class<E>
  | readonly Class<E>[]
  | ((error: unknown) => error is E)
  | ((error: unknown) => boolean);

/** The type of the errors that a match picks. */
export type Matched<M> = M extends readonly Class[]
  ? Instance<M[number]>
  : M extends Class
    ? Instance<M>
    : M extends ((error: unknown) => error is infer E)
      ? E
      : unknown;

// Class by class: inferred from the whole list, the types of structurally alike errors would melt into one.
type Instance<C> = C extends Class<infer E> ? E : never;

/**
 * Turns a match into a predicate; a `TypeError` for anything else.
 *
 * A function is a class if it was written as one or is built in, if it brings its own `Symbol.hasInstance`, or if its
 * prototype has members or inherits from `Error`. Any other function is a predicate: a bare `function Old() {}` looks
 * like one. In a list everything is a class, so `[Old]` names it.
 */
export function toPredicate(match: Match): (error: unknown) => boolean {
  if (Array.isArray(match) && match.every((item) => typeof item === "function")) {
    return (error) => match.some((item: Class) => error instanceof item);
  }
  if (typeof match !== "function") throw new TypeError("expected a class, a list of classes or a predicate");
  return isClass(match) ? (error) => error instanceof match : (match as (error: unknown) => boolean);
}

function isClass(match: Match): match is Class {
  if ((match as Class)[Symbol.hasInstance] !== Function.prototype[Symbol.hasInstance]) return true;
  // Only `class` and built-ins have a prototype that can't be replaced; arrows, methods and bound functions have none.
  const property = Object.getOwnPropertyDescriptor(match, "prototype");
  return (
    !!property &&
    (!property.writable || property.value instanceof Error || Object.keys(property.value as object).length > 0)
  );
}
