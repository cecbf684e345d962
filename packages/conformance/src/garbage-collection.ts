const ROUNDS = 5;

/** Why nothing can be said here about what an implementation keeps alive; undefined where something can. */
export async function whyNotCollected(): Promise<string | undefined> {
  const host = globalThis as { readonly gc?: () => unknown; readonly Bun?: unknown };
  if (typeof host.gc !== "function") return "the host offers no gc()";
  // Workers of before May 2025 haven't.
  if (typeof WeakRef !== "function") return "the host has no WeakRef";
  // It takes whatever looks like a reference on the stack for one: the same program keeps an object or doesn't.
  if (host.Bun !== undefined)
    return "JavaScriptCore's collector is conservative (https://github.com/oven-sh/bun/pull/41669)";
  const { error, ref } = thrownByMethod();
  for (let round = 0; round < ROUNDS; round++) {
    await new Promise((resolve) => void setTimeout(resolve, 1));
    await host.gc();
    if (ref.deref() === undefined) return undefined;
  }
  // Deno does: a cancelled group's reason would keep the group. Named here, the error itself is alive until now.
  return `the host keeps what the frames of an error (${error.name}) refer to (no issue of the runtime's was found)`;
}

/** An error, and an object that nothing refers to but a frame of its. */
function thrownByMethod(): { readonly error: Error; readonly ref: WeakRef<object> } {
  class Thrower {
    readonly text: string = "probe";
    fail(): Error {
      return new Error(this.text);
    }
  }
  const thrower = new Thrower();
  const error = thrower.fail();
  void error.stack; // V8 keeps the frames until somebody has read it
  return { error, ref: new WeakRef(thrower) };
}
