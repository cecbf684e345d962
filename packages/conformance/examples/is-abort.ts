/** Is the error an answer to the cancellation (DX-7)? One that can't be read is none. */
export function isAbort(error: unknown, reason: unknown): boolean {
  if (Object.is(error, reason)) return true;
  try {
    const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
    return name === "AbortError" || code === "ABORT_ERR" || code === "ERR_CANCELED";
  } catch {
    return false;
  }
}
