import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answerOfLine } from "../driver/answer-of-line.ts";
import { type Command, PROTOCOL, type Started } from "../driver/protocol.ts";
import type { RemoteDriver } from "../driver/remote-driver.ts";
import { driverFiles } from "./driver-files.ts";

/** What is used of pyodide. Its own declarations need others that would be global. */
interface Pyodide {
  loadPyodide(this: void): Promise<{
    readonly FS: { mkdirTree(path: string): void; writeFile(path: string, data: Uint8Array): void };
    runPython(this: void, code: string): unknown;
  }>;
}

/** What a driver in this process has in common with one in a process of its own. */
export type LocalDriver = Pick<RemoteDriver, "name" | "version" | "runtime" | "lacks" | "run" | "stop">;

/** Where the driver's files are put in pyodide's file system. */
const ROOM = "/driver";

const IMPORT = `
import sys
sys.path.insert(0, "${ROOM}")
sys.unraisablehook = lambda _: None
from protocol import answer
answer
`;

/**
 * Starts the asyncio driver in pyodide, a CPython compiled to WebAssembly. It takes some seconds and needs no Python of the
 * machine, but the npm package `pyodide`.
 */
export async function startPyodide(): Promise<LocalDriver> {
  const { loadPyodide } = await importPyodide();
  const { FS, runPython } = await loadPyodide();
  FS.mkdirTree(ROOM);
  for (const file of readdirSync(driverFiles()).filter((name) => name.endsWith(".py"))) {
    FS.writeFile(`${ROOM}/${file}`, readFileSync(join(driverFiles(), file)));
  }
  const answer = runPython(IMPORT) as (line: string) => string;
  const say = (command: Command): string => answer(JSON.stringify(command));
  const { name, version, runtime, lacks } = JSON.parse(say({ cmd: "start", protocol: PROTOCOL })) as Started;
  let seq = 0;
  return {
    name,
    version,
    runtime: `${runtime} in pyodide`,
    lacks,
    run: (program, options) => {
      seq++;
      return Promise.resolve(answerOfLine(say({ cmd: "run", seq, ...options, program }), seq));
    },
    stop: () => Promise.resolve(),
  };
}

async function importPyodide(): Promise<Pyodide> {
  // Not named in the import itself: it is megabytes large, and whoever bundles this may not have it.
  const name = "pyodide";
  return (await import(/* @vite-ignore */ name)) as Pyodide;
}
