/** Writes all of it before it returns: the process may be at its end. Never throws: there is nobody to be told. */
export function stderr(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += Deno.stderr.writeSync(bytes.subarray(written));
    } catch (error) {
      // A pipe that is full is read from sooner or later; one that nobody reads any more takes nothing.
      if (!(error instanceof Deno.errors.WouldBlock)) return;
    }
  }
}
