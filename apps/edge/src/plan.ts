import { isPartName, type PartName, partNames } from "./part.ts";
import { RequestError } from "./request-error.ts";
import type { Settings } from "./settings.ts";

/** What a request for a product asks for. */
export interface Plan {
  /** What the request is called in all logs, the upstreams' too. */
  readonly ray: string;
  readonly sku: string;
  readonly parts: readonly PartName[];
  readonly currency: string;
  /** Ms for the whole answer. */
  readonly deadline: number;
  /** Ms for each part that a page can do without. */
  readonly optional: number;
}

const SHORTEST_DEADLINE = 50;

/** Reads the query. Throws a {@link RequestError} that says what is wrong with it. */
export function readPlan(ray: string, sku: string, query: URLSearchParams, settings: Settings): Plan {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(sku)) {
    throw new RequestError(400, "a product is named by up to 40 lower-case letters, digits and hyphens");
  }
  for (const name of query.keys()) {
    // Ignored, a misspelt parameter would give an answer to another question.
    if (!["parts", "currency", "deadline"].includes(name)) {
      throw new RequestError(
        400,
        `there is no parameter ${JSON.stringify(name)}: there are parts, currency and deadline`,
      );
    }
    if (query.getAll(name).length > 1) throw new RequestError(400, `${name} was given more than once`);
  }
  const deadline = readDeadline(query.get("deadline"), settings.deadline);
  return {
    ray,
    sku,
    parts: readParts(query.get("parts")),
    currency: readCurrency(query.get("currency")),
    deadline,
    // Half of a short deadline is left for putting the page together without the slow part.
    optional: Math.min(settings.optional, deadline / 2),
  };
}

function readParts(text: string | null): readonly PartName[] {
  if (text === null) return partNames;
  const names = [...new Set(text.split(","))];
  const unknown = names.find((name) => !isPartName(name));
  if (unknown === undefined) return names.filter(isPartName);
  throw new RequestError(400, `there is no part ${JSON.stringify(unknown)}: there are ${partNames.join(", ")}`);
}

function readCurrency(text: string | null): string {
  if (text === null) return "EUR";
  if (/^[A-Z]{3}$/.test(text)) return text;
  throw new RequestError(400, "a currency has three capital letters, such as EUR");
}

function readDeadline(text: string | null, longest: number): number {
  if (text === null) return longest;
  const ms = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (ms >= Math.min(SHORTEST_DEADLINE, longest) && ms <= longest) return ms;
  throw new RequestError(400, `a deadline is a number of ms from ${SHORTEST_DEADLINE} to ${longest}`);
}
