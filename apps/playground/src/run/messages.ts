import type { RunEvent } from "../recording/event.ts";
import type { Mode } from "./execute.ts";

/**
 * From the page to the worker. Both sides talk over a port that comes with the worker's first message: the worker's own
 * `postMessage` and `onmessage` are the program's to play with.
 */
export type Command =
  | { readonly kind: "run"; readonly source: string; readonly mode: Mode; readonly seed: number | undefined }
  | { readonly kind: "cancel" };

/** Why a program didn't run at all. */
export interface Invalid {
  readonly message: string;
  /** From 1, like `column`; undefined where the mistake has no place. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** From the worker to the page: "invalid", or the events up to a "finish". Then nothing. */
export type Report =
  | { readonly kind: "events"; readonly events: readonly RunEvent[] }
  | { readonly kind: "invalid"; readonly invalid: Invalid };
