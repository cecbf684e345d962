import type { TaskGroup } from "./cohort.ts";
import type { Target } from "./url-source.ts";
import { Slots } from "./slots.ts";
import { type CrawlOptions, visit } from "./visit.ts";

/** Fetches what `targets` gives, in its order, reading on only when there is a place for one more. */
export async function crawlList(
  group: TaskGroup,
  targets: AsyncIterable<Target>,
  options: CrawlOptions,
): Promise<void> {
  const slots = new Slots(group, options.limit, (alive) => options.ledger.sawTasks(alive));
  for await (const { url, name } of targets) {
    await slots.start(name, async (task) => {
      await visit(task, url, { ...options, name });
    });
  }
}
