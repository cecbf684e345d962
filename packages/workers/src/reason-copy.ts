interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly cause?: unknown;
}

/**
 * Is `error` the copy of `reason` that workerd's own functions reject with? `fetch`, the reading of its body and
 * `scheduler.wait` never reject with the reason itself: with a structured clone of it on newer compatibility dates, and
 * on older ones with an error of its class, or a plain `Error`, that has its text.
 */
export function isReasonCopy(error: unknown, reason: unknown): boolean {
  if (!isObject(error)) return false;
  if (!isErrorLike(error)) return isObject(reason) && haveSameFields(error, reason);
  if (error.message === "") return false;
  if (!isErrorLike(reason)) return error.name === "Error" && error.message === textOf(reason);
  // An error that wraps another, with the message of the reason, is somebody's own.
  if (error.cause !== undefined && !mayBeCopy(error.cause, reason.cause)) return false;
  if (error.name === reason.name) return error.message === reason.message;
  return error.name === "Error" && [reason.message, `${reason.name}: ${reason.message}`].includes(error.message);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

// Not by instanceof: on older compatibility dates a DOMException is no Error.
function isErrorLike(value: unknown): value is ErrorLike {
  if (!isObject(value)) return false;
  const { name, message } = value as Partial<ErrorLike>;
  return typeof name === "string" && typeof message === "string";
}

function mayBeCopy(cause: unknown, original: unknown): boolean {
  if (isErrorLike(cause) && isErrorLike(original)) return cause.message === original.message;
  return isObject(cause) ? isObject(original) : Object.is(cause, original);
}

function haveSameFields(copy: object, original: object): boolean {
  if (Object.getPrototypeOf(copy) !== Object.prototype) return false;
  const [fields, others] = [Object.entries(copy), Object.entries(original)];
  return (
    fields.length === others.length &&
    fields.every(
      ([key, value], at) => key === others[at]?.[0] && (isObject(value) || Object.is(value, others[at]?.[1])),
    )
  );
}

/** The text that a thrown value has in workerd that is no error. */
function textOf(reason: unknown): string {
  return isObject(reason) ? `#<${reason.constructor?.name ?? "Object"}>` : String(reason);
}
