// What can be said about anything that was thrown. Errors lie, their getters throw, proxies are revoked: the report of a
// failure must not fail itself, so every access to a foreign object goes through `attempt`.

export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export function property(error: unknown, key: string): unknown {
  return attempt(() => (error as Record<string, unknown> | null | undefined)?.[key]);
}

/** `Name: message`, or the value itself where something else than an error was thrown. */
export function headline(error: unknown): string {
  if (!isErrorLike(error)) return `${preview(error)} (not an Error)`;
  const message = attempt(() => String((error as Error).message ?? "")) ?? "";
  return message ? `${title(error)}: ${message}` : title(error);
}

/** The frames of the stack, trimmed; none if the engine or the error has none to show. */
export function frames(error: unknown): string[] {
  const stack = isErrorLike(error) ? property(error, "stack") : undefined;
  if (typeof stack !== "string") return [];
  // V8 begins with the name and the message, whose own lines may look like frames.
  const message = attempt(() => String((error as Error).message)) ?? "";
  const head = stack.indexOf(message);
  const isHead = head >= 0 && /(^|: )$/.test(stack.slice(0, head));
  const rest = isHead ? stack.slice(head + message.length) : stack;
  const lines = rest.split("\n").map((line) => line.trim());
  const found = lines.filter((line) => line.startsWith("at "));
  // JavaScriptCore and SpiderMonkey write `function@file:line:column`.
  return found.length ? found : lines.filter((line) => line.includes("@"));
}

/** Also true of errors of another realm and of DOMExceptions, which aren't `instanceof Error` everywhere. */
export function isErrorLike(error: unknown): boolean {
  return (
    Object(error) === error &&
    (attempt(() => error instanceof Error) === true ||
      (typeof property(error, "name") === "string" && typeof property(error, "message") === "string"))
  );
}

/** The class where it says more than the name, which many subclasses forget to set. A short one is a minifier's. */
function title(error: unknown): string {
  const name = attempt(() => String((error as Error).name ?? "")) || "Error";
  // Bundlers put an underscore before the name of a class that names itself.
  const given = property(property(error, "constructor"), "name");
  const constructor = typeof given === "string" ? given.replace(/^_+/, "") : "";
  const saysMore = constructor.length > 2 && constructor !== name && constructor !== "Error";
  return saysMore ? `${constructor} [${name}]` : name;
}

function preview(value: unknown): string {
  const text =
    attempt(() => literal(value)) ?? attempt(() => Object.prototype.toString.call(value)) ?? "something unprintable";
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

function literal(value: unknown): string | undefined {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `function ${value.name}`;
  const isText = typeof value === "string" || (typeof value === "object" && value !== null);
  return isText ? JSON.stringify(value) : String(value as number | symbol);
}
