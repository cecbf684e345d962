import type { For } from "@cohort/core";
import { watchedSignal } from "../clauses/watched-signal.ts";
import type { virtualRuntime } from "../virtual-runtime.ts";

export const stop: Error = new Error("stop");

type Runtime = ReturnType<typeof virtualRuntime>;

/** Somebody for whom one can wait, to be cancelled with `stop`. */
export const sorts: [
  string,
  (runtime: Runtime) => { scope: For; cancel(this: void): void; listening(this: void): number },
][] = [
  [
    "an AbortSignal",
    () => {
      const { signal, abort, listening } = watchedSignal();
      return { scope: signal, cancel: () => abort(stop), listening };
    },
  ],
  [
    "a scope",
    ({ openTaskGroup }) => {
      const { signal, abort } = watchedSignal();
      return { scope: openTaskGroup({ signal }), cancel: () => abort(stop), listening: () => 0 };
    },
  ],
  [
    "a scope's own signal",
    ({ openTaskGroup }) => {
      const { signal, abort } = watchedSignal();
      return { scope: openTaskGroup({ signal }).signal, cancel: () => abort(stop), listening: () => 0 };
    },
  ],
];
