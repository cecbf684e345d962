import { BadInput } from "./bad-input.ts";
import { printable } from "./printable.ts";

/** The URL without its fragment, if it is one that can be fetched. */
export function httpUrl(text: string, base?: URL): URL | undefined {
  if (!URL.canParse(text, base?.href)) return undefined;
  const url = new URL(text, base?.href);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.hash = "";
  return url;
}

/** For what a user typed. `where` says in which argument or line it stood. */
export function givenUrl(text: string, where?: string): URL {
  const url = httpUrl(text);
  const prefix = where === undefined ? "" : `${where}: `;
  if (!url) throw new BadInput(`${prefix}not a URL: "${printable(text)}" (http:// or https:// is needed)`);
  // fetch() refuses them, and they would stand in every report.
  if (url.username || url.password) throw new BadInput(`${prefix}a URL with a user name or password can't be fetched`);
  return url;
}
