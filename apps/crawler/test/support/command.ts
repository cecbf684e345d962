import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const FROM_SOURCE = ["--conditions=@cohort/source", "--disable-warning=ExperimentalWarning"];

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

export interface CommandOptions {
  input?: string;
  env?: Readonly<Record<string, string>>;
}

/** The command as a process of its own, run from its source. */
export function start(args: readonly string[], { input, env }: CommandOptions = {}): Running {
  const child = spawn(process.execPath, [...FROM_SOURCE, CLI, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: "pipe",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
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
