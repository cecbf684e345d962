import type { Trial } from "../trial.ts";

/** As much of Node's `process` as cases look at. */
export interface NodeProcess {
  readonly versions: Readonly<Record<string, string | undefined>>;
  exitCode: number | string | null | undefined;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
  emit(event: string, ...args: unknown[]): boolean;
  getBuiltinModule?(name: string): unknown;
}

/** Node's `process`; skips the case in any other host, those that have a `process` too included. */
export function nodeProcess(trial: Trial): NodeProcess {
  const { process } = globalThis as unknown as { readonly process?: NodeProcess };
  const { node, bun, deno } = process?.versions ?? {};
  if (process === undefined || node === undefined || bun !== undefined || deno !== undefined) {
    trial.skip("the host isn't Node");
  }
  return process;
}

/** The names of the warnings that Node gives while a program runs. */
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
