import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { vi } from "vitest";

// Starting a process can take seconds on a busy machine. No test here measures time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 });

interface Runtimes {
  runtimeFromNpm(runtime: string, root: string, env: NodeJS.ProcessEnv): Promise<string>;
}

const root = join(import.meta.dirname, "../../..");
let lacking = "";

/** Deno's executable: the one that the environment names, or npm's. */
const executable: string | undefined =
  process.env["COHORT_DENO"] ??
  (await import(join(root, "tooling/setup/runtimes.mjs"))
    .then((runtimes: Runtimes) => runtimes.runtimeFromNpm("deno", root, process.env))
    .catch((error: unknown) => void (lacking = String(error))));

/** Why there is no Deno here; empty if there is one. */
export const lacksDeno: string = lacking;
if (lacking !== "") console.warn(`left out, for there is no Deno: ${lacking}`);

/** How a program ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Deno process of its own. Tests wait for what it writes and for its end, never for time to pass. */
export class Child {
  readonly ended: Promise<Ended>;
  readonly #process: ChildProcess;
  #stdout = "";
  #stderr = "";
  #waiting: (() => void)[] = [];

  constructor(args: readonly string[], { cwd = import.meta.dirname, input = "" } = {}) {
    const { NODE_OPTIONS: _, ...rest } = process.env;
    const env = { ...rest, NO_COLOR: "1" };
    this.#process = spawn(executable as string, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stdin?.end(input);
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => this.#got((this.#stdout += text)));
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => this.#got((this.#stderr += text)));
    this.ended = once(this.#process, "close").then(([code, signal]) => {
      const { stdout, stderr } = this;
      this.#got("");
      return { code, signal, stdout, stderr } as Ended;
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Waits until the program has written `text`, to either of its outputs. */
  async says(text: string): Promise<this> {
    while (!`${this.#stdout}\n${this.#stderr}`.includes(text)) {
      if (!this.isRunning) throw new Error(`ended without saying "${text}":\n${this.#stdout}\n${this.#stderr}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this;
  }

  /** Closes the pipe of the standard error: what is written to it from then on finds nobody. */
  async stopReadingErrors(): Promise<this> {
    const { stderr } = this.#process;
    if (stderr === null) throw new Error("its standard error is no pipe");
    await once(stderr.destroy(), "close");
    return this;
  }

  kill(signal: NodeJS.Signals): this {
    this.#process.kill(signal);
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.ended;
  }

  #got(_text: string): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** Starts one of the programs in programs/, on the sources; the words after its name choose a case in it. */
export function program(name: string, ...words: readonly string[]): Child {
  return programWith([], name, ...words);
}

/** The same, with flags of Deno's. */
export function programWith(flags: readonly string[], name: string, ...words: readonly string[]): Child {
  const file = join(import.meta.dirname, "programs", `${name}.ts`);
  return new Child(["run", "--no-lock", "--allow-all", "--conditions=@cohort/source", ...flags, file, ...words]);
}

/** Runs a program to its end. */
export async function run(name: string, ...words: readonly string[]): Promise<Ended> {
  await using child = program(name, ...words);
  return await child.ended;
}

/** How often a text contains another. */
export function countOf(part: string, text: string): number {
  return text.split(part).length - 1;
}
