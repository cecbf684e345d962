import type { TaskGroup } from "./cohort.ts";
import type { Job, Options } from "./arguments.ts";
import { crawlList } from "./crawl-list.ts";
import { crawlSite } from "./crawl-site.ts";
import { type DemoSite, serveDemoSite } from "./demo-site.ts";
import type { Ledger } from "./ledger.ts";
import { count } from "./printable.ts";
import { Site } from "./site.ts";
import { checkFile, readUrls } from "./url-source.ts";
import type { CrawlOptions } from "./visit.ts";

/** What there is to crawl, and how. */
export interface Plan {
  title: string;
  site?: Site;
  demo?: DemoSite;
  /** How many pages are known and not begun; `undefined` if nobody knows. */
  waiting(ledger: Ledger): number | undefined;
  crawl(group: TaskGroup, options: CrawlOptions): Promise<void>;
}

/** What the plan starts, it gives back when `group` ends. */
export async function planFor({ job }: Options, group: TaskGroup): Promise<Plan> {
  if (job.kind === "list") return listPlan(job);
  if (job.kind === "site") return sitePlan(new Site(job.start, job.depth));
  const demo = await serveDemoSite(job);
  group.defer(() => demo.close());
  const title = `the demo site, ${count(demo.pages, "page")} on ${demo.url.href}`;
  return { ...sitePlan(new Site(demo.url, Infinity)), title, demo };
}

function sitePlan(site: Site): Plan {
  return {
    title: site.start.href,
    site,
    waiting: () => site.waiting,
    crawl: (group, options) => crawlSite(group, site, options),
  };
}

async function listPlan({ urls, file }: Extract<Job, { kind: "list" }>): Promise<Plan> {
  if (file !== undefined) await checkFile(file);
  return {
    title: file === undefined ? count(urls.length, "page") : "pages of a list",
    waiting: (ledger) => (file === undefined ? urls.length - ledger.done - ledger.inFlight.size : undefined),
    crawl: (scope, options) => crawlList(scope, readUrls({ urls, file, scope, ...options }), options),
  };
}
