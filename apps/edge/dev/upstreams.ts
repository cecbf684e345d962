import type { Env } from "../src/settings.ts";
import type { UpstreamRole } from "./shop.ts";
import { type Exchange, type Replier, serveUpstream, type Upstream } from "./upstream.ts";

export type Upstreams = Readonly<Record<UpstreamRole, Upstream>> & AsyncDisposable;

/** All upstreams of the gateway, each on a port of its own on loopback. */
export async function serveUpstreams(
  replyTo: (role: UpstreamRole, ...request: Parameters<Replier>) => ReturnType<Replier>,
  onEnd?: (exchange: Exchange) => void,
): Promise<Upstreams> {
  const serve = (role: UpstreamRole): Promise<Upstream> =>
    serveUpstream(role, (path, body) => replyTo(role, path, body), onEnd);
  const upstreams = {
    catalog: await serve("catalog"),
    "prices-eu": await serve("prices-eu"),
    "prices-us": await serve("prices-us"),
    stock: await serve("stock"),
    reviews: await serve("reviews"),
    audit: await serve("audit"),
  };
  return {
    ...upstreams,
    async [Symbol.asyncDispose]() {
      for (const upstream of Object.values(upstreams)) await upstream[Symbol.asyncDispose]();
    },
  };
}

/** The Worker's variables that lead to these upstreams. */
export function variablesFor(upstreams: Upstreams): Partial<Env> {
  return {
    CATALOG_URL: upstreams.catalog.url,
    PRICE_URLS: [upstreams["prices-eu"].url, upstreams["prices-us"].url],
    STOCK_URL: upstreams.stock.url,
    REVIEWS_URL: upstreams.reviews.url,
    AUDIT_URL: upstreams.audit.url,
  };
}
