import { bindFormatTaskTree, type Runtime } from "@cohort/core";

let mains = 0;
let keepAlive: NodeJS.Timeout | undefined;

/**
 * Says what is open when the event loop is empty (DX-4), once; and keeps the process alive if a `main()` is running, which
 * waits for its group. Written at once: a process warning is printed on a later tick, and there may be none.
 */
export function watchExit(runtime: Runtime): () => void {
  const report = (): void => {
    const tree = bindFormatTaskTree(runtime)();
    process.stderr.write(`Cohort: nothing is left that could wake this program, and work is still open:\n${tree}\n`);
    if (mains > 0) keepAlive ??= setInterval(() => {}, 2 ** 31 - 1);
  };
  process.once("beforeExit", report);
  return () => process.off("beforeExit", report);
}

/** Keeps the process alive as long as groups are open, until what is returned is called. */
export function holdProcess(): () => void {
  mains++;
  return () => {
    if (--mains > 0) return;
    clearInterval(keepAlive);
    keepAlive = undefined;
  };
}
