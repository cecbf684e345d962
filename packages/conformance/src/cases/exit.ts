import type { Trial } from "../trial.ts";

interface Host {
  readonly process?: {
    readonly stderr?: { write: (text: string) => boolean };
    emit?(event: string, code: number): boolean;
  };
  readonly console: Record<"error" | "warn", (...args: unknown[]) => void>;
  readonly Deno?: { readonly stderr: { writeSync: (bytes: Uint8Array) => number } };
  dispatchEvent?(event: Event): boolean;
}

/** Lets the implementation believe that nothing is left that could wake the process; gives what it says of that. */
export function openWorkReported(trial: Trial): string {
  const host = globalThis as unknown as Host;
  const { process, console, Deno } = host;
  if (process?.emit === undefined) trial.skip("the host has no event before it exits");
  const said: string[] = [];
  const { error, warn } = console;
  const { stderr } = process;
  const write = stderr?.write;
  const writeSync = Deno?.stderr.writeSync;
  const take = (...texts: unknown[]): void => void said.push(texts.join(" "));
  console.error = console.warn = take;
  if (stderr !== undefined) stderr.write = (text) => (take(text), true);
  if (Deno !== undefined) {
    Deno.stderr.writeSync = (bytes) => (take(new TextDecoder().decode(bytes)), bytes.length);
  }
  const before = trial.reports.length;
  try {
    process.emit("beforeExit", 0);
    if (Deno !== undefined) host.dispatchEvent?.(new Event("beforeunload"));
  } finally {
    Object.assign(console, { error, warn });
    if (stderr !== undefined && write !== undefined) stderr.write = write;
    if (Deno !== undefined && writeSync !== undefined) Deno.stderr.writeSync = writeSync;
  }
  for (const report of trial.reports.slice(before)) take("warning" in report ? report.warning : report.error);
  return said.join("\n");
}
