import type { Page } from "./fetch-page.ts";
import { Lanes } from "./lanes.ts";

/** A fetched page without its links: a site has millions of them, the report wants their number. */
export interface Facts extends Omit<Page, "links"> {
  title?: string;
  links?: number;
}

/** One page's task, from its start on. */
export interface Entry {
  readonly name: string;
  readonly url: string;
  readonly lane: number;
  readonly start: number;
  end: number;
  outcome: "running" | "fine" | "failed" | "cancelled";
  page?: Facts;
  error?: unknown;
  cancelledBy?: string;
}

/** So much is kept of each kind for the report; beyond it there are only counters. */
const KEPT_ROWS = 500;
const KEPT_TROUBLE = 1000;

export interface Counts {
  pages: number;
  otherFiles: number;
  redirects: number;
  failed: number;
  cancelled: number;
  bytes: number;
}

/** What happened, as the report tells it. Its size doesn't depend on how many pages there are. */
export class Ledger {
  readonly counts: Counts = { pages: 0, otherFiles: 0, redirects: 0, failed: 0, cancelled: 0, bytes: 0 };
  readonly rows: Entry[] = [];
  readonly failed: Entry[] = [];
  readonly cancelled: Entry[] = [];
  readonly lanes = new Lanes();
  readonly inFlight = new Set<Entry>();
  /** The most tasks that were alive at once. */
  mostTasks = 0;
  readonly #started = performance.now();
  readonly #onEnd: (entry: Entry) => void;

  constructor(onEnd: (entry: Entry) => void = () => undefined) {
    this.#onEnd = onEnd;
  }

  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** Pages that have ended, in whatever way. */
  get done(): number {
    const { pages, otherFiles, redirects, failed, cancelled } = this.counts;
    return pages + otherFiles + redirects + failed + cancelled;
  }

  /** No more failures are kept, so there is no use in giving the group another. */
  get full(): boolean {
    return this.failed.length >= KEPT_TROUBLE;
  }

  sawTasks(alive: number): void {
    this.mostTasks = Math.max(this.mostTasks, alive);
  }

  begin(name: string, url: string): Entry {
    const start = this.elapsed;
    const entry: Entry = { name, url, lane: this.lanes.take(), start, end: start, outcome: "running" };
    this.inFlight.add(entry);
    return entry;
  }

  fetched(entry: Entry, page: Facts): void {
    entry.page = page;
    this.counts.bytes += page.bytes;
    if (page.stop) this.counts.redirects++;
    else if (page.html) this.counts.pages++;
    else this.counts.otherFiles++;
    this.#end(entry, "fine", this.rows, KEPT_ROWS);
  }

  failedWith(entry: Entry, error: unknown): void {
    entry.error = error;
    this.counts.failed++;
    this.#end(entry, "failed", this.failed, KEPT_TROUBLE);
  }

  cancelledBy(entry: Entry, whom: string): void {
    entry.cancelledBy = whom;
    this.counts.cancelled++;
    this.#end(entry, "cancelled", this.cancelled, KEPT_TROUBLE);
  }

  #end(entry: Entry, outcome: "fine" | "failed" | "cancelled", kept: Entry[], most: number): void {
    entry.outcome = outcome;
    entry.end = this.elapsed;
    this.inFlight.delete(entry);
    this.lanes.give(entry.lane, entry.start, entry.end, outcome);
    if (kept.length < most) kept.push(entry);
    this.#onEnd(entry);
  }
}
