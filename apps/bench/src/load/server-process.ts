import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TaskGroup } from "@cohort/node";
import type { Stats } from "./counts.ts";
import type { HostRuntime } from "./host-runtime.ts";

/** A server on one runtime, in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  stats(signal: AbortSignal): Promise<Stats>;
  /** Asks it to end, and gives what it ended with and all that it complained of. */
  stop(): Promise<{ readonly code: number | null; readonly complaints: string }>;
}

/** Ms for a server to end after SIGTERM. */
const STOP_MS = 15_000;

/** Starts it; `group` doesn't end before the process has. */
export async function startServer(
  { executable, flags, server, says }: HostRuntime,
  group: TaskGroup,
): Promise<ServerProcess> {
  const child = spawn(executable, [...flags, server], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  // A process that can't be started says so here; who waits for its end is told as well.
  ended.catch(() => undefined);
  group.defer(async () => {
    child.kill("SIGKILL");
    await ended.catch(() => undefined);
  });
  let said = "";
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const listening = new Promise<number>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, port] = /^port (\d+)$/m.exec(said) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
  });
  const died = ended.then(() => {
    throw new Error(`the server ended before it listened: ${complaints}`);
  });
  const port = await group.abortable(Promise.race([listening, died]));
  return {
    port,
    async stats(signal) {
      const response = await fetch(`http://127.0.0.1:${port}/stats`, { signal });
      if (!response.ok) throw new Error(`/stats gave ${response.status}: ${await response.text()}`);
      return (await response.json()) as Stats;
    },
    async stop() {
      child.kill("SIGTERM");
      // One that doesn't drain is stopped by force, and says so by its code: none.
      const { timedOut } = await group.moveOnAfter(STOP_MS, ({ abortable }) => abortable(ended));
      if (timedOut) child.kill("SIGKILL");
      const [code] = (await group.abortable(ended)) as [number | null];
      return { code, complaints: says === undefined ? complaints : complaints.replace(says, "").trim() };
    },
  };
}
