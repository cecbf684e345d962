import type { TaskGroup } from "@cohort/workers";
import { audit, type AuditEntry } from "./audit.ts";
import { lineStream } from "./line-stream.ts";
import { readPlan } from "./plan.ts";
import { productLines } from "./product-lines.ts";
import { productPage } from "./product-page.ts";
import { RequestError } from "./request-error.ts";
import type { Settings } from "./settings.ts";

/** How many seconds a whole page may be kept; one with parts missing isn't kept at all. */
const FRESH_S = 30;

/** Answers a request that is in order; rejects with a {@link RequestError}, or with what {@link productPage} rejects with. */
export async function answer(request: Request, ray: string, settings: Settings, group: TaskGroup): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET") throw new RequestError(405, `${request.method} isn't answered here, GET is`);
  if (pathname === "/") return Response.json({ routes: ["/products/{sku}", "/products/{sku}/stream"] });
  const [, sku, stream] = /^\/products\/([^/]+)(\/stream)?$/.exec(pathname) ?? [];
  if (sku === undefined) throw new RequestError(404, "there are /products/{sku} and /products/{sku}/stream");
  const plan = readPlan(ray, sku, searchParams, settings);
  if (stream !== undefined) {
    const onEnd = (entry: Pick<AuditEntry, "status" | "missing">): void =>
      audit({ ray, path: pathname, ...entry }, settings);
    const lines = lineStream(group, (scope) => productLines(scope, plan, settings, onEnd), "lines");
    return new Response(lines, {
      headers: { "content-type": "application/x-ndjson; charset=utf-8", "cache-control": "no-store" },
    });
  }
  const page = await productPage(group, plan, settings);
  audit({ ray, path: pathname, status: 200, missing: page.missing.map(({ part }) => part) }, settings);
  const cacheControl = page.missing.length === 0 ? `public, max-age=${FRESH_S}` : "no-store";
  return Response.json(page, { headers: { "cache-control": cacheControl } });
}
