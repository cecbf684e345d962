import type { RedirectStop } from "./fetch-page.ts";
import { httpUrl } from "./http-url.ts";
import type { PageLinks } from "./links.ts";
import { PageError } from "./page-error.ts";
import type { Robots } from "./robots.ts";

/** Who links to an address: the first few by name, the rest by number. */
export interface Referrers {
  pages: string[];
  more: number;
}

export interface MalformedLink {
  href: string;
  page: string;
}

/** An address to fetch, so many links from the start. */
export interface Step {
  url: URL;
  distance: number;
}

const KEPT_REFERRERS = 10;
const KEPT_MALFORMED = 1000;

/** What is known of a site while it is being crawled: which addresses were found, where, and how far from the start. */
export class Site {
  readonly start: URL;
  readonly depth: number;
  readonly malformed: MalformedLink[] = [];
  readonly counts = { external: 0, disallowed: 0, beyondDepth: 0 };
  robots: Robots = { allows: () => true, crawlDelay: 0 };
  #origin: string;
  #queue: Step[];
  #taken = 0;
  readonly #known = new Map<string, Referrers>();
  readonly #redirects = new Map<string, string>();
  readonly #external = new Set<string>();
  readonly #beyond = new Set<string>();

  constructor(start: URL, depth: number) {
    this.start = start;
    this.depth = depth;
    this.#origin = start.origin;
    this.#queue = [{ url: start, distance: 0 }];
    this.#known.set(start.href, { pages: [], more: 0 });
  }

  get origin(): string {
    return this.#origin;
  }

  /** Addresses found and not fetched yet. */
  get waiting(): number {
    return this.#queue.length - this.#taken;
  }

  nameOf(url: URL): string {
    return url.origin === this.#origin ? url.pathname + url.search : url.href;
  }

  /** The address that has been waiting longest. */
  peek(): Step | undefined {
    return this.#queue[this.#taken];
  }

  take(): void {
    this.#taken++;
    if (this.#taken < 1024) return;
    this.#queue = this.#queue.slice(this.#taken);
    this.#taken = 0;
  }

  /** `page`, `distance` links from the start, has been read. */
  found(page: string, distance: number, links: PageLinks): void {
    for (const href of links.malformed) {
      if (this.malformed.length < KEPT_MALFORMED) this.malformed.push({ href, page });
    }
    for (const href of links.urls) this.#link(href, page, distance + 1);
  }

  /** The front door sent us to another host: that is the site then, under its own rules. */
  moveTo(origin: string, robots: Robots): void {
    this.#origin = origin;
    this.robots = robots;
  }

  /** Whether the page called `name` is to go on `from` one address to another. */
  redirect(name: string, from: URL, target: URL): RedirectStop | undefined {
    this.#redirects.set(from.href, target.href);
    this.#refuseCircle(from.href);
    if (target.origin !== this.#origin) return "another site";
    if (this.#known.has(target.href)) return "fetched already";
    this.#known.set(target.href, { pages: [name], more: 0 });
    return this.robots.allows(target.href) ? undefined : "robots.txt";
  }

  referrers(url: string): Referrers {
    return this.#known.get(url) ?? { pages: [], more: 0 };
  }

  /** Two pages that send to each other, each linked to as well: neither task would see the circle alone. */
  #refuseCircle(from: string): void {
    const way = [from];
    for (let at = this.#redirects.get(from); at !== undefined; at = this.#redirects.get(at)) {
      way.push(at);
      if (at === from) throw new PageError(`redirects in a circle: ${way.join(" → ")}`);
    }
  }

  #link(href: string, page: string, distance: number): void {
    const known = this.#known.get(href);
    if (known) {
      if (known.pages.length < KEPT_REFERRERS) known.pages.push(page);
      else known.more++;
      return;
    }
    const url = httpUrl(href);
    if (!url) return;
    if (url.origin !== this.#origin) this.counts.external = this.#external.add(href).size;
    else if (distance > this.depth) this.counts.beyondDepth = this.#beyond.add(href).size;
    else {
      this.#known.set(href, { pages: [page], more: 0 });
      if (this.robots.allows(href)) this.#queue.push({ url, distance });
      else this.counts.disallowed++;
    }
  }
}
