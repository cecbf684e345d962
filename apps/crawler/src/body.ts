import { TextDecoder } from "node:util";
import { LinkReader, type PageLinks } from "./links.ts";
import { PageError } from "./page-error.ts";
import type { PageSaver } from "./save.ts";

export interface BodyOptions {
  maxBytes: number;
  saver?: PageSaver | undefined;
}

export interface Body {
  bytes: number;
  cut: boolean;
  links?: PageLinks;
}

export function isHtml(response: Response): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(response.headers.get("content-type") ?? "");
}

const SHORT = 64 * 1024;

/** For a body nobody wants. A short one is read after all, or the next page would need a connection of its own. */
export async function discard(response: Response): Promise<void> {
  const length = Number(response.headers.get("content-length") ?? Infinity);
  await (length <= SHORT ? response.arrayBuffer().catch(() => undefined) : response.body?.cancel());
}

/** Reads a page through its two readers, the parser and the file, chunk by chunk; of anything else only the head is wanted. */
export async function readBody(url: URL, response: Response, html: boolean, options: BodyOptions): Promise<Body> {
  const { maxBytes, saver } = options;
  if (!response.body || (!html && !saver)) {
    await discard(response);
    return { bytes: Number(response.headers.get("content-length") ?? 0), cut: false };
  }
  const reader = html ? new LinkReader() : undefined;
  const file = await saver?.open(url, response.headers.get("content-type") ?? "");
  const decoder = textDecoder(response);
  let bytes = 0;
  let cut = false;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.length;
      reader?.write(decoder.decode(chunk, { stream: true }));
      await file?.write(chunk);
      cut = bytes > maxBytes;
      if (cut) break;
    }
    // Half a page on the disk would pass for a whole one.
    if (cut && file) throw new PageError(`bigger than --max-size (${maxBytes} bytes)`);
    await file?.commit();
  } finally {
    await file?.close();
  }
  reader?.write(decoder.decode());
  return { bytes, cut, ...(reader && { links: reader.end(url) }) };
}

function textDecoder(response: Response): TextDecoder {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(response.headers.get("content-type") ?? "")?.[1];
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
