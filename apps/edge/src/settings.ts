/** What wrangler.jsonc gives the Worker. */
export interface Env {
  readonly CATALOG_URL: string;
  readonly PRICE_URLS: readonly string[];
  readonly STOCK_URL: string;
  readonly REVIEWS_URL: string;
  readonly AUDIT_URL: string;
  readonly DEADLINE_MS: number;
  readonly OPTIONAL_MS: number;
  readonly SUBREQUEST_LIMIT: number;
}

/** The same, checked. */
export interface Settings {
  readonly catalog: URL;
  readonly prices: readonly URL[];
  readonly stock: URL;
  readonly reviews: URL;
  readonly audit: URL;
  /** Ms for a whole answer. */
  readonly deadline: number;
  /** Ms for each part that a page can do without. */
  readonly optional: number;
  readonly limit: number;
}

/** A variable of the Worker that is missing or wrong: whoever deployed it has to know, clients needn't. */
export class MisconfiguredError extends Error {
  override readonly name = "MisconfiguredError";
  readonly code = "EDGE_MISCONFIGURED";
}

/** Throws a {@link MisconfiguredError} that names the variable. */
export function readSettings(env: Env): Settings {
  return {
    catalog: url(env, "CATALOG_URL"),
    prices: urls(env, "PRICE_URLS"),
    stock: url(env, "STOCK_URL"),
    reviews: url(env, "REVIEWS_URL"),
    audit: url(env, "AUDIT_URL"),
    deadline: positive(env, "DEADLINE_MS"),
    optional: positive(env, "OPTIONAL_MS"),
    limit: positive(env, "SUBREQUEST_LIMIT"),
  };
}

function url(env: Env, name: keyof Env): URL {
  return parsed(name, env[name]);
}

function urls(env: Env, name: keyof Env): URL[] {
  const values: unknown = env[name];
  if (!Array.isArray(values) || values.length === 0) throw new MisconfiguredError(`${name} must be a list of URLs`);
  return values.map((value) => parsed(name, value));
}

function parsed(name: string, value: unknown): URL {
  if (typeof value === "string" && /^https?:/.test(value) && URL.canParse(value)) {
    // A base without its slash would lose its last step when a path is resolved against it.
    return new URL(value.endsWith("/") ? value : `${value}/`);
  }
  throw new MisconfiguredError(`${name} must be an http or https URL, not ${JSON.stringify(value)}`);
}

function positive(env: Env, name: keyof Env): number {
  const value: unknown = env[name];
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new MisconfiguredError(`${name} must be a positive whole number, not ${JSON.stringify(value)}`);
}
