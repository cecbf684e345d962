import { ExceptionGroup, type Scope } from "@cohort/workers";
import type { PartName } from "./part.ts";
import type { Plan } from "./plan.ts";
import type { Settings } from "./settings.ts";
import type { Subrequests } from "./subrequests.ts";
import { UnknownProductError, UpstreamError, type UpstreamName } from "./upstream-error.ts";

export interface Product {
  readonly sku: string;
  readonly title: string;
  readonly description: string;
  readonly alsoBought: readonly string[];
  readonly sameShelf: readonly string[];
}

/** The upstreams of one request, each part of a page by its name. */
export class Shop {
  readonly #plan: Plan;
  readonly #settings: Settings;
  readonly #subrequests: Subrequests;

  constructor(plan: Plan, settings: Settings, subrequests: Subrequests) {
    this.#plan = plan;
    this.#settings = settings;
    this.#subrequests = subrequests;
  }

  readonly parts: Readonly<Record<PartName, (scope: Scope) => Promise<unknown>>> = {
    product: async (scope) => {
      const { title, description } = await this.#product(this.#plan.sku, scope);
      return { title, description };
    },
    price: (scope) => this.#priceOfMirrors(scope),
    stock: (scope) => this.#object("stock", new URL(`stock/${this.#plan.sku}`, this.#settings.stock), scope),
    reviews: (scope) => this.#object("reviews", new URL(`reviews/${this.#plan.sku}`, this.#settings.reviews), scope),
    related: (scope) => this.#related(scope),
  };

  async #product(sku: string, scope: Scope): Promise<Product> {
    const url = new URL(`products/${encodeURIComponent(sku)}`, this.#settings.catalog);
    try {
      const found = await this.#object("catalog", url, scope);
      if (isProduct(found)) return found;
    } catch (error) {
      if (error instanceof UpstreamError && error.status === 404) {
        throw new UnknownProductError(`there is no product ${sku}`, { cause: error });
      }
      throw error;
    }
    throw new UpstreamError("catalog", "answered something that is no product", url);
  }

  /** All mirrors are asked: the first good answer wins, and the other connections are closed. */
  async #priceOfMirrors(scope: Scope): Promise<unknown> {
    try {
      return await scope.firstSuccess(
        this.#settings.prices.map((mirror) => (race: Scope) => this.#price(mirror, race)),
        { name: "mirrors" },
      );
    } catch (error) {
      // What no mirror knows may be no product at all, and that is for the catalog to say, however slow it is.
      if (isUnknownToAll(error)) await this.#product(this.#plan.sku, scope);
      throw error;
    }
  }

  async #price(mirror: URL, scope: Scope): Promise<unknown> {
    const url = new URL(`prices/${this.#plan.sku}`, mirror);
    url.searchParams.set("currency", this.#plan.currency);
    const { amount } = await this.#object("prices", url, scope);
    if (typeof amount === "number") return { amount, currency: this.#plan.currency };
    throw new UpstreamError("prices", "answered something that is no price", url);
  }

  /** The titles of other products. The two lists overlap, and both name products again that the page has already. */
  async #related(scope: Scope): Promise<unknown> {
    const { alsoBought, sameShelf } = await this.#product(this.#plan.sku, scope);
    const titles = (skus: readonly string[]) => (list: Scope) =>
      list
        .map(skus, async (sku, task) => ({ sku, title: (await this.#product(sku, task)).title }), {
          ordered: true,
          limit: this.#settings.limit,
          taskName: (sku) => sku,
        })
        .toArray();
    return await scope.gather({ alsoBought: titles(alsoBought), sameShelf: titles(sameShelf) }, { name: "titles" });
  }

  async #object(upstream: UpstreamName, url: URL, scope: Scope): Promise<Readonly<Record<string, unknown>>> {
    const value = await this.#subrequests.json(upstream, url, scope);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    throw new UpstreamError(upstream, "answered something that is no object", url);
  }
}

function isUnknownToAll(error: unknown): boolean {
  if (!(error instanceof ExceptionGroup)) return false;
  return [...error.leaves()].every(({ error }) => error instanceof UpstreamError && error.status === 404);
}

function isProduct(value: object): value is Product {
  const { sku, title, description, alsoBought, sameShelf } = value as Partial<Record<keyof Product, unknown>>;
  return [sku, title, description].every((text) => typeof text === "string") && [alsoBought, sameShelf].every(isSkus);
}

function isSkus(value: unknown): boolean {
  return Array.isArray(value) && value.every((sku) => typeof sku === "string");
}
