/**
 * What an implementation threw, as text, whatever it is: a getter of it may throw, and so may its conversion. With the stack,
 * if there is one to be had.
 */
export function thrownText(error: unknown): string {
  try {
    if (!(error instanceof Error)) return String(error);
    const line = `${error.name}: ${error.message}`;
    return typeof error.stack === "string" && error.stack !== "" ? error.stack : line;
  } catch {
    return "something that can't be printed";
  }
}

/** The same on one line, without the stack. */
export function thrownLine(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return text.replaceAll(/\s*\n\s*/g, " ");
  } catch {
    return "something that can't be printed";
  }
}
