import { BaseExceptionGroup } from "@cohort/core";

/** An error in a line: its name and message, and those of a group's members. Never throws, whatever was thrown. */
export function errorText(error: unknown): string {
  try {
    return firstLine(nameAndMessage(error));
  } catch {
    return "something that can't be printed";
  }
}

function nameAndMessage(error: unknown): string {
  if (error instanceof BaseExceptionGroup) return `${error.name}[${error.errors.map(errorText).join(", ")}]`;
  return error instanceof Error ? `${error.name}: ${error.message}` : `${textOf(error)} (not an Error)`;
}

export function firstLine(text: string): string {
  return text.split("\n", 1)[0] as string;
}

/** A value in a line, the same for equal values: to count outcomes by, and to print. Never throws. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value, plain) ?? String(value);
  } catch {
    // It holds itself, or has a getter that throws.
    return Object.prototype.toString.call(value);
  }
}

function plain(this: unknown, _key: string, value: unknown): unknown {
  if (value instanceof Error) return errorText(value);
  if (value instanceof Map) return { Map: [...value] };
  if (value instanceof Set) return { Set: [...value] };
  if (typeof value === "object" || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return value;
  // JSON drops or refuses the rest; two outcomes that differ only there must not look alike.
  return { [typeof value]: Object.is(value, -0) ? "-0" : String(value as number | symbol | bigint) };
}
