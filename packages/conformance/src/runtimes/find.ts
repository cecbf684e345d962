import { realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { RefusedError } from "../refused-error.ts";

/** Where a runtime is looked for. */
export interface Search {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directories from which `node_modules` are looked for, as Node does. */
  readonly from: readonly string[];
  /** The Node that was asked for. */
  readonly node: string;
}

/** The executable that a variable of the environment names; a RefusedError if it names none. */
export function fromEnvironment({ env }: Search, variable: string): string | undefined {
  const path = env[variable];
  if (path === undefined || path === "") return undefined;
  if (!isFile(path)) throw new RefusedError(`${variable} names no file: ${path}`);
  return path;
}

/** The first of the commands that is on the PATH. */
export function fromPath({ env }: Search, ...commands: readonly string[]): string | undefined {
  const ending = process.platform === "win32" ? ".exe" : "";
  const directories = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((directory) => directory !== "");
  return firstFile(commands.flatMap((command) => directories.map((directory) => join(directory, command + ending))));
}

/** The first of the paths that is a file. */
export function firstFile(paths: readonly string[]): string | undefined {
  return paths.find(isFile);
}

/** The directory of a package that is installed where an implementation or the current directory would find it. */
export function packageDirectory({ from }: Search, name: string): string | undefined {
  return from.map((directory) => packageAbove(directory, name)).find((found) => found !== undefined);
}

/**
 * A file of a package for this machine. Such a package stands beside the one that depends on it, where only that one may
 * find it, or beside the others.
 */
export function fromPackages(
  search: Search,
  name: string,
  machines: readonly string[],
  file: string,
): string | undefined {
  const main = packageDirectory(search, name);
  const all: Search = { ...search, from: main === undefined ? search.from : [main, ...search.from] };
  const executable = process.platform === "win32" ? `${file}.exe` : file;
  return firstFile(
    machines.flatMap((machine) => {
      const directory = packageDirectory(all, machine);
      return directory === undefined ? [] : [join(directory, executable)];
    }),
  );
}

function packageAbove(directory: string, name: string): string | undefined {
  const candidate = join(directory, "node_modules", name);
  if (isFile(join(candidate, "package.json"))) return realpathSync(candidate);
  const parent = dirname(directory);
  return parent === directory ? undefined : packageAbove(parent, name);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
