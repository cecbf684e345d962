import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const CLI = fileURLToPath(new URL("../../dev/cli.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What has been printed on standard output by the time that it matches; rejects if the command ends before. */
  readonly printed: (pattern: RegExp) => Promise<string>;
  /** Sends the signal as a terminal does: to the command and to all that it has started. */
  readonly signalAll: (signal: NodeJS.Signals) => void;
}

/** The command in a process group of its own. */
export function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, ["--conditions=@cohort/source", CLI, ...args], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    watchers.forEach((watch) => watch());
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (pattern.test(stdout)) resolve(stdout);
        };
        watchers.add(watch);
        watch();
        void ended.then((end) => reject(new Error(`it ended: ${JSON.stringify(end)}`)));
      }),
    signalAll(signal) {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    },
  };
}
