type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles if A and B are the same type and `true` is given, or differ and `false` is given. */
export function same<A, B>(_answer: Same<A, B>): void {}
