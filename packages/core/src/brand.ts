/** The name and the stable code of a class of errors; together they are its brand. */
export type Brand<Name extends string = string, Code extends string = string> = readonly [name: Name, code: Code];

/** An error class carries its brand in a getter of its prototype, under this key. */
export interface Branded {
  readonly "cohort:brand": Brand;
}

// A string, not Symbol.for(…): esbuild keeps every class that has a computed key other than a well-known symbol, used or
// not. Both are equally visible to another copy of the library.
const key = "cohort:brand";

/** Reads the brand that belongs to this very prototype. The key is ours alone, so no foreign getter is ever run. */
function ownCode(prototype: object): string | undefined {
  return Object.hasOwn(prototype, key) ? (prototype as Branded)[key][1] : undefined;
}

/**
 * What `instanceof` asks, DX-8: an instance of the class or of the class of the same brand in another copy of the
 * library. A user's subclass has no brand of its own and is compared by prototype alone, as everywhere in JavaScript.
 * Never throws: a revoked proxy can be thrown, too, and has to end up in a group like anything else.
 */
export function isInstance(constructor: { readonly prototype: object }, value: unknown): boolean {
  try {
    const code = ownCode(constructor.prototype);
    for (let at = value; (at = at && Object.getPrototypeOf(at));) {
      if (at === constructor.prototype || (code && ownCode(at) === code)) return true;
    }
  } catch {}
  return false;
}

/** Sets a property that a printed error doesn't show. Gives up on a frozen object instead of throwing. */
export function hide(object: object, property: string, value: unknown): void {
  Reflect.defineProperty(object, property, { value, writable: true, configurable: true });
}

/**
 * Copies `name` and `code` from the getters of the prototype to the instance. The getters are needed (V8 writes the head
 * of `stack` while `Error` constructs), but alone they would make `this.name = "…"` in a user's subclass throw.
 */
export function ownIdentity(error: Error & { readonly code: string }): void {
  hide(error, "name", error.name);
  hide(error, "code", error.code);
}
