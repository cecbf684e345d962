import { now, type Scope, type TaskGroup, type TaskScope } from "./cohort.ts";
import { PageError } from "./page-error.ts";
import { fetchRobots, type Robots, unreadableRobots } from "./robots.ts";
import type { Site, Step } from "./site.ts";
import { Slots } from "./slots.ts";
import { type CrawlOptions, visit, type VisitOptions } from "./visit.ts";

/** Follows a site's links, first found first. */
export async function crawlSite(group: TaskGroup, site: Site, options: CrawlOptions): Promise<void> {
  const { limit, pageTimeout } = options;
  const slots = new Slots(group, limit, (alive) => options.ledger.sawTasks(alive));
  const pace = pacer(group);
  site.robots = await rules(site.origin, group, pageTimeout);
  if (!site.robots.allows(site.start.href)) {
    throw new PageError(site.robots.refusal ?? `robots.txt of ${site.origin} keeps us out of ${site.start.pathname}`);
  }
  for (let distance = 0; ;) {
    const next = site.peek();
    if (!next && group.size === 0) return;
    if (!next) {
      await slots.oneEnded();
      continue;
    }
    // With a depth, pages wait for those nearer to the start: found on a detour, they would seem further away than they are.
    if (site.depth !== Infinity && next.distance > distance) await group.idle();
    distance = next.distance;
    site.take();
    await pace(site.robots.crawlDelay);
    await slots.start(site.nameOf(next.url), (task) => visitPage(task, next));
  }

  async function visitPage(task: TaskScope, { url, distance }: Step): Promise<void> {
    const { name } = task;
    const onRedirect: VisitOptions["onRedirect"] = async (from, target) => {
      if (url.href === site.start.href && target.origin !== site.origin) {
        site.moveTo(target.origin, await rules(target.origin, task, pageTimeout));
      }
      return site.redirect(name, from, target);
    };
    const page = await visit(task, url, { ...options, name, onRedirect });
    if (page?.links) site.found(name, distance, page.links);
  }
}

async function rules(origin: string, scope: Scope, timeout: number): Promise<Robots> {
  const answer = await scope.moveOnAfter(timeout, ({ signal }) => fetchRobots(origin, signal));
  return answer.timedOut ? unreadableRobots(origin, "no answer") : answer.value;
}

/** Keeps as many milliseconds between two calls as the site asks for. */
function pacer(scope: Scope): (delay: number) => Promise<void> {
  let next = 0;
  return async (delay) => {
    const wait = next - now();
    if (wait > 0) await scope.sleep(wait);
    next = now() + delay;
  };
}
