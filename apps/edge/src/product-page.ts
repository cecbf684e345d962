import { type Scope, TimeoutError } from "@cohort/workers";
import { DeadlineError } from "./deadline-error.ts";
import { optionalPart } from "./optional-part.ts";
import { isRequired, type MissingPart, type PartName, type PartResult } from "./part.ts";
import type { Plan } from "./plan.ts";
import type { Settings } from "./settings.ts";
import { Shop } from "./shop.ts";
import { Subrequests } from "./subrequests.ts";

export interface ProductPage {
  readonly sku: string;
  readonly parts: Readonly<Partial<Record<PartName, unknown>>>;
  readonly missing: readonly MissingPart[];
}

/**
 * Asks for all parts together. What the page can do without is left out when it is late or fails; anything else that
 * fails takes the rest down with it.
 *
 * Rejects with a {@link DeadlineError} that names what was waited for, or with an ExceptionGroup whose tasks have the
 * parts' names.
 */
export async function productPage(scope: Scope, plan: Plan, settings: Settings): Promise<ProductPage> {
  await using subrequests = new Subrequests(scope, plan.ray, settings.limit);
  const shop = new Shop(plan, settings, subrequests);
  const waitedFor = new Set(plan.parts);
  const fetchPart = async (part: PartName, task: Scope): Promise<PartResult> => {
    const fn = shop.parts[part];
    const result = isRequired(part)
      ? { part, value: await fn(task) }
      : await optionalPart(part, plan.optional, fn, task);
    waitedFor.delete(part);
    return result;
  };
  const fns = Object.fromEntries(plan.parts.map((part) => [part, (task: Scope) => fetchPart(part, task)]));
  try {
    const results = await scope.gather(fns, { name: `product ${plan.sku}`, timeout: plan.deadline });
    return assemble(plan.sku, Object.values(results));
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new DeadlineError(plan.deadline, [...waitedFor], { cause: error });
  }
}

function assemble(sku: string, results: readonly PartResult[]): ProductPage {
  return {
    sku,
    parts: Object.fromEntries(results.flatMap((result) => ("value" in result ? [[result.part, result.value]] : []))),
    missing: results.flatMap((result) => ("missing" in result ? [result.missing] : [])),
  };
}
