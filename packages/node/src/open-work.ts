import { bindFormatTaskTree, type Runtime } from "@cohort/core";

/** What is said, once, when the event loop is empty and groups are open (DX-4). */
export function reportOpenWork(runtime: Runtime): void {
  const tree = bindFormatTaskTree(runtime)();
  // Not a process warning: that is printed on a later tick, and there may be none.
  process.stderr.write(
    `Cohort: nothing is left that could wake this program, and work is still open:\n${tree}\n`,
  );
}

/** Reports open work when the process is about to end, until all has ended. */
export function watchExit(runtime: Runtime): () => void {
  const report = (): void => reportOpenWork(runtime);
  process.once("beforeExit", report);
  return () => process.off("beforeExit", report);
}
