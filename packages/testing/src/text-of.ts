import { BaseExceptionGroup } from "@cohort/core";

/** An error in a line: its name and message, and those of a group's members. */
export function errorText(error: unknown): string {
  if (error instanceof BaseExceptionGroup) return `${error.name}[${error.errors.map(errorText).join(", ")}]`;
  return error instanceof Error ? `${error.name}: ${error.message}` : `${textOf(error)} (not an Error)`;
}

/** A value in a line, the same for equal values: to count outcomes by, and to print. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, plain) ?? String(value);
}

function plain(this: unknown, _key: string, value: unknown): unknown {
  if (value instanceof Error) return errorText(value);
  if (value instanceof Map) return { Map: [...value] };
  if (value instanceof Set) return { Set: [...value] };
  // JSON drops or refuses these; two outcomes that differ only there must not look alike.
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object" || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { [typeof value]: Object.is(value, -0) ? "-0" : String(value as number | symbol) };
}
