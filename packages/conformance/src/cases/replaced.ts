/** Calls `during` with properties of an object replaced, and puts the old ones back, whatever happens. */
export async function replaced<T extends object, R>(
  object: T,
  replacements: Partial<Record<keyof T, unknown>>,
  during: () => Promise<R>,
): Promise<R> {
  const names = Object.keys(replacements) as (keyof T)[];
  const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(object, name)] as const);
  try {
    for (const name of names) {
      Object.defineProperty(object, name, { configurable: true, writable: true, value: replacements[name] });
    }
    return await during();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) delete object[name];
      else Object.defineProperty(object, name, descriptor);
    }
  }
}
