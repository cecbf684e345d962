import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Scope } from "./cohort.ts";
import { BadInput } from "./bad-input.ts";
import { givenUrl } from "./http-url.ts";
import { printable } from "./printable.ts";

export interface Target {
  url: URL;
  name: string;
}

export interface UrlSource {
  urls: readonly URL[];
  /** A path, or `-` for standard input. */
  file?: string | undefined;
  scope: Scope;
  /** Told of a line that isn't a URL, or a file that can't be read on; says whether the lines after it count. */
  onBadInput: (error: BadInput) => "go on" | "stop";
}

/** The URLs of the command line, then those of the file, line by line as they are asked for. */
export async function* readUrls({ urls, file, scope, onBadInput }: UrlSource): AsyncGenerator<Target> {
  for (const url of urls) yield { url, name: url.href };
  if (file === undefined) return;
  const label = file === "-" ? "standard input" : printable(file);
  let number = 0;
  for await (const line of lines({ file, label, scope, onBadInput })) {
    number++;
    const text = line.replace(/^\uFEFF/, "").trim();
    if (text === "" || text.startsWith("#")) continue;
    let url: URL;
    try {
      url = givenUrl(text, `${label}:${number}`);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      if (onBadInput(error) === "stop") return;
      continue;
    }
    yield { url, name: url.href };
  }
}

/** Before anything is fetched: a file that isn't there is bad input. */
export async function checkFile(file: string): Promise<void> {
  if (file === "-") return;
  const problem = await stat(file).then(
    (found) => (found.isDirectory() ? "is a directory" : undefined),
    (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? "no such file" : error.message),
  );
  if (problem !== undefined) throw new BadInput(`--file ${printable(file)}: ${problem}`);
}

interface Input extends Pick<UrlSource, "scope" | "onBadInput"> {
  file: string;
  label: string;
}

async function* lines({ file, label, scope, onBadInput }: Input): AsyncGenerator<string> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  const reader = createInterface({ input, crlfDelay: Infinity });
  let failure: Error | undefined;
  // Closed by hand in both cases: the reader goes on waiting when its input is destroyed or fails, and a terminal may
  // never say another word.
  input.once("error", (error: Error) => {
    failure = error;
    reader.close();
  });
  const forget = scope.onCancel(() => reader.close());
  try {
    yield* reader;
  } finally {
    forget();
    input.destroy();
  }
  scope.throwIfCancelled();
  if (failure) onBadInput(new BadInput(`${label}: ${failure.message}`, { cause: failure }));
}
