import { Parser } from "htmlparser2";
import { httpUrl } from "./http-url.ts";
import { printable } from "./printable.ts";

/** What a page says of itself and where it points to. */
export interface PageLinks {
  title: string;
  /** Absolute, without fragments, each once, in the page's order. */
  urls: string[];
  /** Written as links to http(s), but no URL. */
  malformed: string[];
}

/** The attributes that make a browser fetch something, or go there when the user clicks. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ["href", "xlink:href"],
  area: ["href"],
  audio: ["src"],
  embed: ["src"],
  frame: ["src"],
  iframe: ["src"],
  image: ["href", "xlink:href"],
  img: ["src", "srcset"],
  input: ["src"],
  link: ["href"],
  object: ["data"],
  script: ["src"],
  source: ["src", "srcset"],
  track: ["src"],
  video: ["src", "poster"],
};

/** `<link rel>` that names a host, not a document. */
const HINTS = /\b(?:preconnect|dns-prefetch)\b/i;
const REFRESH = /^\s*[\d.]+\s*[;,]\s*url\s*=\s*["']?([^"']+)/i;
const TITLE_LENGTH = 200;

/** Reads a page chunk by chunk as it arrives; nothing of it is kept but the title and the links. */
export class LinkReader {
  readonly #found = new Set<string>();
  #base: string | undefined;
  #title = "";
  #inTitle = false;
  #titleSeen = false;
  readonly #parser: Parser;

  constructor() {
    this.#parser = new Parser({
      onopentag: (name, attributes) => this.#open(name, attributes),
      ontext: (text) => {
        if (this.#inTitle && this.#title.length < TITLE_LENGTH) this.#title += text;
      },
      onclosetag: (name) => {
        if (name !== "title" || !this.#inTitle) return;
        this.#inTitle = false;
        this.#titleSeen = true;
      },
    });
  }

  write(html: string): void {
    this.#parser.write(html);
  }

  end(page: URL): PageLinks {
    this.#parser.end();
    // <base> holds for the whole page, also for what stands before it.
    const base = (this.#base === undefined ? undefined : httpUrl(this.#base, page)) ?? page;
    const urls = new Set<string>();
    const malformed: string[] = [];
    for (const href of this.#found) {
      const url = httpUrl(href, base);
      if (url) {
        url.username = url.password = "";
        urls.add(url.href);
      } else if (!URL.canParse(href, base.href)) malformed.push(printable(href));
    }
    const title = printable(this.#title, Infinity).replace(/\s+/g, " ").trim().slice(0, TITLE_LENGTH);
    return { title, urls: [...urls], malformed };
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    // An <svg> may hold titles of its own, after the page's.
    if (name === "title") this.#inTitle = !this.#titleSeen;
    else if (name === "base") this.#base ??= attributes["href"];
    else if (name === "meta") this.#refresh(attributes);
    else if (name !== "link" || !HINTS.test(attributes["rel"] ?? "")) {
      for (const attribute of ATTRIBUTES[name] ?? []) this.#take(attribute, attributes[attribute]);
    }
  }

  #take(attribute: string, value: string | undefined): void {
    if (value === undefined) return;
    if (attribute !== "srcset") this.#found.add(value.trim());
    else for (const candidate of srcset(value)) this.#found.add(candidate);
  }

  #refresh(attributes: Readonly<Record<string, string>>): void {
    if (attributes["http-equiv"]?.toLowerCase() !== "refresh") return;
    const target = REFRESH.exec(attributes["content"] ?? "")?.[1];
    if (target) this.#found.add(target.trim());
  }
}

/** `a.png 1x, b.png 2x`: a URL may hold commas, so one ends a candidate only before white space or at the end. */
const CANDIDATE = /[\s,]*(\S*[^\s,])(?:,+(?=\s|$)|(?=\s)[^,]*|$)/g;

function srcset(value: string): string[] {
  return Array.from(value.matchAll(CANDIDATE), ([, url]) => url ?? "").filter(Boolean);
}
