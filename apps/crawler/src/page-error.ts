/** A page that couldn't be fetched; its task fails with this. */
export class PageError extends Error {
  override readonly name: string = "PageError";
  readonly status: number | undefined;

  constructor(message: string, options?: ErrorOptions & { status?: number }) {
    super(message, options);
    this.status = options?.status;
  }
}

/** The server answered, but not with the page. */
export class HttpError extends PageError {
  override readonly name = "HttpError";

  /** `at` is where redirects had led. */
  constructor(status: number, statusText: string, at?: URL) {
    super(`HTTP ${status}${statusText ? ` ${statusText}` : ""}${at ? ` at ${at.href}` : ""}`, { status });
  }
}

/** fetch() says no more than "fetch failed"; what happened stands in the innermost cause. */
export function connectionError(error: unknown): PageError {
  let cause = error;
  for (let next = error; next !== undefined; next = innerError(next)) cause = next;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = (cause as { code?: unknown } | undefined)?.code;
  const words = typeof code === "string" && !message.includes(code) ? `${message} (${code})` : message;
  return new PageError(words, { cause: error });
}

/** A host with several addresses gives one error for each, and none of its own. */
function innerError(error: unknown): unknown {
  if (error instanceof AggregateError) return error.errors[0];
  return error instanceof Error ? error.cause : undefined;
}
