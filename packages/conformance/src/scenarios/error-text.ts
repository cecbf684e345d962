import type { ErrorText } from "./scenario.ts";
import { ThrownError } from "./thrown-error.ts";

/** An error as the language writes it. `outside` is the reason of the program's `abort`. */
export function errorText(error: unknown, outside: Error): ErrorText {
  if (error instanceof ThrownError) return `${error.name}(${error.message})`;
  if (error === outside) return `cancelled: ${outside.message}`;
  if (!(error instanceof Error)) return String(error);
  const { errors, cause } = error as { readonly errors?: unknown; readonly cause?: unknown };
  if (!Array.isArray(errors)) return nameOf(error);
  const group = errors.map((member) => errorText(member, outside));
  // A cancellation that a group made itself is nothing that it would have thrown.
  const isTold = cause === outside || (cause instanceof Error && cause.name === "TimeoutError");
  return isTold ? { group, cause: errorText(cause, outside) } : { group };
}

/** The same as a line of a trace has it: a group as compact JSON. */
export function errorLine(error: unknown, outside: Error): string {
  const text = errorText(error, outside);
  return typeof text === "string" ? text : JSON.stringify(text);
}

/** The words of an implementation's own errors are its own; other errors were thrown by accident and are to be found. */
function nameOf({ name, message }: Error): string {
  switch (name) {
    case "AbortError":
    case "CancelledError":
      return "CancelledError";
    case "KeyboardInterrupt":
    case "SystemExit":
      return `${name}()`;
    case "TimeoutError":
    case "InvalidStateError":
      return name;
    default:
      return `${name}(${message})`;
  }
}
