export type UpstreamName = "catalog" | "prices" | "stock" | "reviews" | "audit";

/** An upstream that gave no answer, or not the one it owes. Clients read the message, so the URL stands beside it, for the log. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly code = "EDGE_UPSTREAM";
  readonly upstream: UpstreamName;
  readonly url: string;
  /** Of its answer, where that was the trouble. */
  readonly status: number | undefined;

  constructor(upstream: UpstreamName, what: string, url: URL, options: ErrorOptions & { status?: number } = {}) {
    super(`${upstream} ${what}`, options);
    this.upstream = upstream;
    this.url = url.href;
    this.status = options.status;
  }
}

/** The catalog has no such product. */
export class UnknownProductError extends Error {
  override readonly name = "UnknownProductError";
  readonly code = "EDGE_UNKNOWN_PRODUCT";
}
