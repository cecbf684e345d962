import type { Trial } from "../trial.ts";
import { replaced } from "./replaced.ts";

/** As much of `process` as cases look at. */
export interface NodeProcess {
  readonly versions: Readonly<Record<string, string | undefined>>;
  exitCode: number | string | null | undefined;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
  emit(event: string, ...args: unknown[]): boolean;
  getBuiltinModule?(name: string): unknown;
}

interface Host {
  readonly process?: NodeProcess;
  readonly navigator?: { readonly userAgent?: string };
  readonly Deno?: DenoHost;
}

interface DenoHost {
  exitCode: number;
  addSignalListener(signal: string, callback: () => void): void;
  removeSignalListener(signal: string, callback: () => void): void;
  unrefTimer(timer: unknown): void;
}

/** The `process` of Node, Bun or Deno; skips the case in any other host, those that have a shim of it included. */
export function nodeProcess(trial: Trial): NodeProcess {
  const { process, navigator } = globalThis as unknown as Host;
  const isWorkerd = navigator?.userAgent === "Cloudflare-Workers";
  if (process?.versions?.node === undefined || isWorkerd) trial.skip("the host is none of Node, Bun and Deno");
  return process;
}

/** Where the exit code of the process is set: Deno's own isn't seen by its `process`. */
export function exitCodeHolder(process: NodeProcess): Pick<NodeProcess, "exitCode"> {
  return (globalThis as unknown as Host).Deno ?? process;
}

/** Gives the exit code back that there was before. Bun takes no `undefined` for one. */
export function putBack(holder: Pick<NodeProcess, "exitCode">, exitCode: NodeProcess["exitCode"]): void {
  holder.exitCode = exitCode;
  if (holder.exitCode !== exitCode) holder.exitCode = 0;
}

/** Runs a program, which is told how to let a signal arrive. A real one would end whoever runs the cases. */
export async function withSignals<T>(
  process: NodeProcess,
  program: (arrive: (signal: string) => void) => Promise<T>,
): Promise<T> {
  const { Deno } = globalThis as unknown as Host;
  // Bun's `process` is where signals arrive, as Node's is; Deno has an interface of its own.
  if (Deno === undefined) return program((signal) => void process.emit(signal, signal));
  const listening = new Map<string, Set<() => void>>();
  const replacements = {
    addSignalListener: (signal: string, callback: () => void) =>
      void (listening.get(signal) ?? listening.set(signal, new Set()).get(signal))?.add(callback),
    removeSignalListener: (signal: string, callback: () => void) => void listening.get(signal)?.delete(callback),
  };
  return replaced(Deno, replacements, () =>
    program((signal) => {
      for (const callback of listening.get(signal) ?? []) callback();
    }),
  );
}

/** Runs a program in which `Deno.unrefTimer` knows the timers of the virtual clock. */
export async function withTimers<T>(program: () => Promise<T>): Promise<T> {
  const { Deno } = globalThis as unknown as Host;
  if (Deno === undefined) return program();
  return replaced(Deno, { unrefTimer: (timer: { unref(): void }) => timer.unref() }, program);
}

/** The names of the warnings that the host gives while a program runs. */
export async function warningsDuring(process: NodeProcess, program: () => Promise<unknown>): Promise<string[]> {
  const names: string[] = [];
  const hear = (warning: Error): void => void names.push(warning.name);
  process.on("warning", hear);
  try {
    await program();
    // They come on a later tick.
    await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  } finally {
    process.off("warning", hear);
  }
  return names;
}
