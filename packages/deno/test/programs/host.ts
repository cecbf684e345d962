const added = new Map<string, number>();
const count = (what: string, by: number): void => void added.set(what, (added.get(what) ?? 0) + by);
// Deno doesn't say who listens: counted as they come and go.
const { addSignalListener, removeSignalListener } = Deno;
const { addEventListener, removeEventListener } = globalThis;
Deno.addSignalListener = (signal, listener) => (count(signal, 1), addSignalListener(signal, listener));
Deno.removeSignalListener = (signal, listener) => (count(signal, -1), removeSignalListener(signal, listener));
Object.assign(globalThis, {
  addEventListener: (type: string, ...rest: [never]) => (count(type, 1), addEventListener(type, ...rest)),
  removeEventListener: (type: string, ...rest: [never]) => (count(type, -1), removeEventListener(type, ...rest)),
});

/** What the programs need of Deno, in the terms that they share with those for other runtimes. */
export const host = {
  args: Deno.args,
  exitCode: (): number => Deno.exitCode,
  setExitCode: (code: number): void => void (Deno.exitCode = code),
  exit: (code: number): void => Deno.exit(code),
  atExit: (callback: () => void): void => globalThis.addEventListener("unload", callback),
  onSignal(signal: Deno.Signal, callback: () => void): void {
    Deno.addSignalListener(signal, callback);
  },
  /** How many listen to the signals and to the end of the process. */
  listeners: (): string =>
    ["SIGINT", "SIGTERM", "SIGHUP", "beforeunload"].map((event) => added.get(event) ?? 0).join(" "),
};
