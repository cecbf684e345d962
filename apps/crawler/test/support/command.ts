import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { node, type Runtime } from "./runtimes.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Waits until something like this has been written, to either of the outputs. */
  says: (pattern: RegExp) => Promise<RegExpExecArray>;
}

export interface CommandOptions {
  input?: string;
  env?: Readonly<Record<string, string>>;
  /** Default: Node. */
  runtime?: Runtime;
  /** A module that is loaded before the command. */
  preload?: string;
}

/** The command as a process of its own, run from its source. */
export function start(args: readonly string[], { input, env, runtime = node, preload }: CommandOptions = {}): Running {
  const first = preload === undefined ? [] : [`${runtime.preload}=${preload}`];
  const child = spawn(runtime.executable, [...runtime.flags, ...first, CLI, ...args], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: "pipe",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  const notify = (): void => waiting.forEach((look) => look());
  child.stdout.setEncoding("utf8").on("data", (text: string) => ((stdout += text), notify()));
  child.stderr.setEncoding("utf8").on("data", (text: string) => ((stderr += text), notify()));
  child.stdin.on("error", () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const says: Running["says"] = (pattern) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(
        () => reject(new Error(`ended without saying ${String(pattern)}:\n${stdout}\n${stderr}`)),
        reject,
      );
    });
  return { child, ended, says };
}

export function run(args: readonly string[], options?: CommandOptions): Promise<Ended> {
  return start(args, options).ended;
}

export interface PageLine {
  type: "page";
  name: string;
  url: string;
  outcome: "fine" | "failed" | "cancelled";
  status?: number;
  error?: string;
  cancelledBy?: string;
  title?: string;
  bytes?: number;
  redirects?: string[];
}

export interface SummaryLine {
  type: "summary";
  outcome: string;
  exitCode: number;
  message: string;
  pages: number;
  otherFiles: number;
  redirects: number;
  failed: number;
  cancelled: number;
  mostTasks: number;
  stillFetching: string[];
  notFetched?: number;
  external?: number;
  disallowed?: number;
  beyondDepth?: number;
  broken?: { name: string; url: string; status?: number; why: string; linkedFrom: string[]; linkedFromMore: number }[];
  server?: { requests: number; mostOpen: number; open: number };
}

/** What `--json` printed: nothing else may stand on standard output. */
export function jsonLines({ stdout }: Ended): { pages: PageLine[]; summary: SummaryLine } {
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as PageLine | SummaryLine);
  const summary = lines.at(-1);
  if (summary?.type !== "summary") throw new Error(`no summary in the last line of ${stdout}`);
  return { pages: lines.filter((line) => line.type === "page"), summary };
}
