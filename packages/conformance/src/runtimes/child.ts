import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Message } from "./message.ts";

/** How a runtime came to its end. */
export interface Ending {
  /** `it exited with code 1`. */
  readonly how: string;
  /** The last that it said to standard error. */
  readonly tail: string;
}

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Ends the process. */
  readonly signal: AbortSignal;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How long a process that was asked to end may take. */
const PATIENCE_MS = 3000;

/** So much of standard error is kept. */
const TAIL = 2000;

/** Runs a command until it ends or is ended. Never rejects: what can't be started has ended, too. */
export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<Ending> {
  const { cwd, env = process.env, signal, onLine } = options;
  return new Promise((resolve) => {
    let tail = "";
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const end = (): void => {
      child.kill();
      timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    };
    let timer: NodeJS.Timeout | undefined;
    const over = (how: string): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      // Somebody whom it started may have its pipes still.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ how, tail: tail.trim() });
    };
    child.stderr.setEncoding("utf8").on("data", (part: string) => (tail = (tail + part).slice(-TAIL)));
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => onLine?.(line));
    child.on("error", ({ message }) => over(`it can't be started: ${message}`));
    child.on("exit", (code, by) => {
      const how = by === null ? `it exited with code ${code}` : `it was ended by ${by}`;
      // Its last words may still be in the pipes; who holds them open for longer isn't waited for.
      const last = setTimeout(() => over(how), 500);
      child.on("close", () => {
        clearTimeout(last);
        over(how);
      });
    });
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

/** What takes lines of standard output: messages begin with the mark, and everything else is somebody else's. */
export function messagesIn(mark: string, receive: (message: Message) => void): (line: string) => void {
  return (line) => {
    const at = line.indexOf(mark);
    const message = at < 0 ? undefined : messageOf(line.slice(at + mark.length));
    if (message !== undefined) receive(message);
  };
}

/** A line that was cut off, since its process was ended in the middle of it, says nothing. */
function messageOf(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
}
