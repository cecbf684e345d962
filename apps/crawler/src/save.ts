import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { BadInput } from "./bad-input.ts";
import { PageError } from "./page-error.ts";
import { printable } from "./printable.ts";

export interface PageFile {
  write(chunk: Uint8Array): Promise<void>;
  /** The page is whole: give the file its name. */
  commit(): Promise<void>;
  /** Without a commit before it, nothing stays on the disk. */
  close(): Promise<void>;
}

/** Keeps each page's body in a file of its own, below one directory. */
export class PageSaver {
  readonly #directory: string;
  #parts = 0;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string): Promise<PageSaver> {
    try {
      await mkdir(directory, { recursive: true });
      await access(directory, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new BadInput(`--save ${printable(directory)}: ${(error as Error).message}`, { cause: error });
    }
    return new PageSaver(directory);
  }

  async open(url: URL, contentType: string): Promise<PageFile> {
    const path = join(this.#directory, fileName(url, contentType));
    const part = `${path}.${++this.#parts}.part`;
    await saved(mkdir(dirname(path), { recursive: true }));
    return new Part(await saved(open(part, "wx")), part, path);
  }
}

/** A full disk is the page's failure, not its server's. */
async function saved<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw new PageError(`can't be saved: ${(error as Error).message}`, { cause: error });
  }
}

class Part implements PageFile {
  readonly #handle: FileHandle;
  readonly #part: string;
  readonly #path: string;
  #whole = false;

  constructor(handle: FileHandle, part: string, path: string) {
    this.#handle = handle;
    this.#part = part;
    this.#path = path;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await saved(this.#handle.writeFile(chunk));
  }

  async commit(): Promise<void> {
    await saved(this.#handle.close());
    await saved(rename(this.#part, this.#path));
    this.#whole = true;
  }

  async close(): Promise<void> {
    if (this.#whole) return;
    await this.#handle.close().catch(() => undefined);
    await rm(this.#part, { force: true });
  }
}

const SLUG_LENGTH = 80;
const EXTENSION = /^\.[a-z0-9]{1,8}$/;
const TYPES: Readonly<Record<string, string>> = { "text/html": ".html", "application/xhtml+xml": ".html" };

/**
 * `host/what-the-path-says-<hash>.html`. The hash of the whole address keeps two pages apart on every file system (case,
 * length, `a` beside `a/b`, queries); the rest is for people. Nothing of a URL but `[a-z0-9-]` and one dot comes through.
 */
export function fileName(url: URL, contentType: string): string {
  const hash = createHash("sha256").update(url.href).digest("hex").slice(0, 16);
  const fromPath = extname(url.pathname).toLowerCase();
  const extension = TYPES[contentType.split(";", 1)[0]?.trim().toLowerCase() ?? ""] ?? fromPath;
  const path = EXTENSION.test(fromPath) ? url.pathname.slice(0, -fromPath.length) : url.pathname;
  const slug = slugOf(path).slice(0, SLUG_LENGTH) || "index";
  return join(slugOf(url.host) || "host", `${slug}-${hash}${EXTENSION.test(extension) ? extension : ""}`);
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
