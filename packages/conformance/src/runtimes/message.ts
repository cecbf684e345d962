import type { Case } from "../case.ts";
import type { CaseResult, ReportHead } from "../report.ts";

/** What comes out of a runtime while the suite runs in it, in this order. */
export type Message =
  | { readonly begin: ReportHead; readonly cases: readonly CaseHead[] }
  | { readonly case: string }
  | { readonly result: CaseResult }
  | { readonly end: { readonly problems: readonly string[] } }
  /** Nothing can be run: the implementation is none, or can't be loaded. */
  | { readonly refused: string };

/** What is known of a case before it runs. */
export type CaseHead = Pick<Case, "id" | "clause" | "level" | "title">;

/** Takes a message out. What it returns is waited for. */
export type Send = (message: Message) => unknown;
