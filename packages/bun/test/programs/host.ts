/** What the programs need of Bun, in the terms that they share with those for other runtimes. */
export const host = {
  args: process.argv.slice(2),
  exitCode: (): number => Number(process.exitCode ?? 0),
  setExitCode: (code: number): void => void (process.exitCode = code),
  exit: (code: number): void => process.exit(code),
  atExit: (callback: () => void): void => void process.on("exit", callback),
  onSignal(signal: NodeJS.Signals, callback: () => void): void {
    process.on(signal, callback);
  },
  /** How many listen to the signals and to the end of the process. */
  listeners: (): string =>
    ["SIGINT", "SIGTERM", "SIGHUP", "beforeExit"].map((event) => process.listenerCount(event)).join(" "),
};
