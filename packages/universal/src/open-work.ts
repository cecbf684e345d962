import { bindFormatTaskTree, type Runtime } from "@cohort/core";

/** What the report of open work needs of a host whose processes end when nothing is left to do. */
export interface ExitHost {
  /**
   * Calls back once when the event loop is empty, until what is returned is called. The process is to go on if the callback
   * gives `true`: a timer is set then.
   */
  onceIdle(callback: () => boolean): () => void;
  /** Writes to stderr at once: a warning that is printed on a later tick may never be, for there may be no such tick. */
  write(text: string): void;
}

/** Both parts of one host's watch over its end. */
export interface OpenWork {
  /** Says what is open when the event loop is empty (DX-4), once; an adapter's `watchExit`. */
  watchExit(runtime: Runtime): () => void;
  /** Keeps the process alive from then on until what is returned is called, if anybody holds it. */
  hold(): () => void;
}

/** Binds the report of open work at the end of a process (DX-4) to a host. */
export function bindOpenWork(host: ExitHost): OpenWork {
  let holders = 0;
  let keepAlive: ReturnType<typeof setInterval> | undefined;
  return {
    watchExit: (runtime) =>
      host.onceIdle(() => {
        const tree = bindFormatTaskTree(runtime)();
        host.write(`Cohort: nothing is left that could wake this program, and work is still open:\n${tree}\n`);
        if (holders > 0) keepAlive ??= setInterval(() => {}, 2 ** 31 - 1);
        return holders > 0;
      }),
    hold() {
      holders++;
      return () => {
        if (--holders > 0) return;
        clearInterval(keepAlive);
        keepAlive = undefined;
      };
    },
  };
}
