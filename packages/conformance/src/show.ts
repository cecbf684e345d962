/** A value as text that is the same for equal values: what a check compares, and what it prints. */
export function show(value: unknown): string {
  return text(value, []);
}

function text(value: unknown, above: readonly object[]): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "function":
      return `[function ${value.name}]`;
    case "object":
      return value === null ? "null" : objectText(value, above);
    default:
      return String(value);
  }
}

function objectText(value: object, above: readonly object[]): string {
  if (above.includes(value)) return "[circular]";
  const inside = [...above, value];
  if (Array.isArray(value)) return `[${value.map((item: unknown) => text(item, inside)).join(", ")}]`;
  if (value instanceof Error) return errorText(value, inside);
  if (value instanceof Date) return `Date(${value.toISOString()})`;
  if (typeof (value as { then?: unknown }).then === "function") return "[a thenable]";
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${text(item, inside)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function errorText(error: Error, inside: readonly object[]): string {
  const { errors } = error as { errors?: unknown };
  const members = Array.isArray(errors) ? ` ${text(errors, inside)}` : "";
  return `${error.name}(${error.message})${members}`;
}
