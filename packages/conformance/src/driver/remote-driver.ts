import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Program } from "../scenarios/program.ts";
import { answerOfLine } from "./answer-of-line.ts";
import { type Answer, type Command, PROTOCOL, type Refused, type RunOptions, type Started } from "./protocol.ts";

/** A driver couldn't be started, ended before its time, or said nothing for too long. */
export class DriverError extends Error {
  override readonly name = "DriverError";
}

export interface RemoteDriverOptions {
  /** Its arguments. Without them the command is a line for the shell. */
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** How long, in ms, a driver may take for an answer before it is ended. */
  readonly patience?: number;
}

/** How much of what a driver complains about on stderr is kept to explain its end. */
const TAIL = 2000;

/** A driver in a process of its own, to which the line-JSON protocol is spoken on stdin and stdout. */
export class RemoteDriver {
  /** What it is started with: for messages. */
  readonly command: string;
  private readonly isGroup: boolean;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly patience: number;
  /** Settles with the reason when the process is over; with an exit code, or a signal's name. */
  private readonly closed: Promise<string>;
  private complaints = "";
  private head: Started | undefined;
  private seq = 0;

  private constructor(command: string, { args, cwd, patience = 60_000 }: RemoteDriverOptions) {
    this.command = command;
    this.patience = patience;
    const shell = args === undefined;
    // What a shell starts is ended with it only if the two are a process group of their own.
    this.isGroup = shell && process.platform !== "win32";
    this.child = spawn(command, args ?? [], { cwd, shell, detached: this.isGroup, stdio: "pipe" });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.complaints = (this.complaints + text).slice(-TAIL);
    });
    // Who writes to a process that has gone hears of it here; `closed` says why.
    this.child.stdin.on("error", () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.closed = new Promise((resolve) => {
      this.child.on("error", (error) => resolve(error.message));
      this.child.on("close", (code, signal) =>
        resolve(code === null ? `signal ${String(signal)}` : `exit code ${code}`),
      );
    });
  }

  /** Starts the command and asks it who it is. @throws DriverError if it doesn't say so. */
  static async start(command: string, options: RemoteDriverOptions = {}): Promise<RemoteDriver> {
    const driver = new RemoteDriver(command, options);
    const line = await driver.ask({ cmd: "start", protocol: PROTOCOL });
    let said: Partial<Started> | Refused;
    try {
      said = Object(JSON.parse(line)) as Partial<Started> | Refused;
    } catch {
      said = { ok: false, error: `it said what is no JSON: ${line.slice(0, 200)}` };
    }
    if (said.ok !== true || said.protocol !== PROTOCOL) {
      driver.end();
      const why = "error" in said ? said.error : `it answered ${line.slice(0, 200)}`;
      throw new DriverError(`the driver "${command}" didn't start: ${why}`);
    }
    const { name = "?", version = "", runtime = "", lacks = {} } = said;
    driver.head = { ok: true, protocol: PROTOCOL, name, version, runtime, lacks };
    return driver;
  }

  /** The implementation behind it. */
  get name(): string {
    return this.head?.name ?? "?";
  }

  get version(): string {
    return this.head?.version ?? "";
  }

  /** What it runs in: `CPython 3.14.0`. */
  get runtime(): string {
    return this.head?.runtime ?? "";
  }

  /** What it lacks, by capability, with the reason. */
  get lacks(): Readonly<Record<string, string>> {
    return this.head?.lacks ?? {};
  }

  /** Has a program run, one at a time. @throws DriverError if the driver ended or hangs. */
  async run(program: Program, options: RunOptions = {}): Promise<Answer> {
    const seq = ++this.seq;
    return answerOfLine(await this.ask({ cmd: "run", seq, ...options, program }), seq);
  }

  /** Tells it to stop and waits for its end. @throws DriverError if it ends otherwise than with exit code 0. */
  async stop(): Promise<void> {
    this.send({ cmd: "stop" });
    this.child.stdin.end();
    const how = await this.within(this.closed);
    if (how !== "exit code 0") throw this.endedWith(how);
  }

  /** Ends the process at once, whatever it does. */
  end(): void {
    const { pid } = this.child;
    if (!this.isGroup || pid === undefined) return void this.child.kill("SIGKILL");
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It has gone already.
    }
  }

  private send(command: Command): void {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  private async ask(command: Command): Promise<string> {
    this.send(command);
    const next = await this.within(this.lines.next());
    if (next.done === true) throw this.endedWith(await this.closed);
    return next.value;
  }

  private async within<T>(answer: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.end();
        reject(new DriverError(`the driver "${this.command}" said nothing for ${this.patience} ms${this.tail()}`));
      }, this.patience);
    });
    try {
      return await Promise.race([answer, silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  private endedWith(how: string): DriverError {
    return new DriverError(`the driver "${this.command}" ended with ${how}${this.tail()}`);
  }

  private tail(): string {
    const complaints = this.complaints.trim();
    return complaints === "" ? "" : `:\n${complaints}`;
  }
}
