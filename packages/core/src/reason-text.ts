/** Why something was cancelled, for a report: a line, whatever the reason is. */
export function reasonText(reason: unknown): string {
  try {
    const text = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
    return text.split("\n", 1)[0] as string;
  } catch {
    return "a reason that can't be printed";
  }
}
