import {
  bindTaskGroup,
  formatException,
  KeyboardInterrupt,
  type Runtime,
  SystemExit,
  type TaskGroup,
} from "@cohort/core";

/** What `main()` takes; `Signal` is a name of one of the host's signals. */
export interface MainOptions<Signal extends string = string> {
  /** The signals that cancel the program. Default: SIGINT and SIGTERM. */
  readonly signals?: readonly Signal[] | undefined;
  /** Ms from the signal to the cancellation, for work that ends by itself in that time. Default: 0. */
  readonly cancelAfter?: number | undefined;
}

/** What `main()` needs of a host with processes, signals and exit codes. */
export interface MainHost<Signal extends string> {
  /** Calls back whenever the signal arrives, until what is returned is called. Throws for one that can't be listened to. */
  listen(signal: Signal, callback: () => void): () => void;
  /** The signal's number: a program that it ends has 128 plus this as its exit code. */
  numberOf(signal: Signal): number;
  /** Ends the process now. */
  exit(code: number): void;
  /** The code that the process will end with, 0 if nobody set one. */
  exitCode(): number;
  setExitCode(code: number): void;
  /** Writes to stderr. */
  write(text: string): void;
  /** Does stderr show colours? */
  hasColours(): boolean;
  /** Keeps the process alive until what is returned is called. */
  hold(): () => void;
}

/** A program as one task group; each adapter that has it documents it. */
export type MainFn<Signal extends string> = (
  body: (group: TaskGroup) => unknown,
  options?: MainOptions<Signal>,
) => Promise<number>;

/** Binds `main()` to a runtime and its host (RT-3). asyncio: run(). */
export function bindMain<Signal extends string>(runtime: Runtime, host: MainHost<Signal>): MainFn<Signal> {
  return async (body, options = {}) => {
    const { signals = ["SIGINT", "SIGTERM"] as readonly string[] as readonly Signal[], cancelAfter = 0 } = options;
    const controller = new AbortController();
    const listening: (() => void)[] = [];
    let received: Signal | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const codeOf = (signal: Signal): number => 128 + host.numberOf(signal);
    const onSignal = (signal: Signal): void => {
      if (received !== undefined) return host.exit(codeOf(received));
      received = signal;
      const reason = signal === "SIGINT" ? new KeyboardInterrupt(signal) : new SystemExit(codeOf(signal));
      if (cancelAfter > 0) timer = setTimeout(() => controller.abort(reason), cancelAfter);
      else controller.abort(reason);
    };
    /** The exit code for what the group ended with. Prints it, if it is more than the answer to a signal. */
    const failed = (error: unknown): number => {
      if (error instanceof SystemExit && Number.isInteger(error.exitCode)) return error.exitCode;
      if (!(error instanceof KeyboardInterrupt)) {
        host.write(`${formatException(error, { colour: host.hasColours() })}\n`);
      } else if (received === undefined) {
        return 130;
      }
      return received === undefined ? 1 : codeOf(received);
    };
    const release = host.hold();
    let code: number;
    try {
      // Within the try: SIGKILL can't be listened to, and says so.
      for (const signal of signals) listening.push(host.listen(signal, () => onSignal(signal)));
      await bindTaskGroup(runtime)({ name: "main", signal: controller.signal }, body);
      code = received === undefined ? 0 : codeOf(received);
    } catch (error) {
      code = failed(error);
    } finally {
      clearTimeout(timer);
      release();
      for (const stop of listening) stop();
    }
    // A body that set an exit code of its own meant it.
    if (code !== 0) host.setExitCode(code);
    return code === 0 ? host.exitCode() : code;
  };
}
