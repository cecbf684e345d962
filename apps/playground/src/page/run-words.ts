import type { ErrorNode } from "../recording/timeline.ts";
import { duration } from "../timeline/time-window.ts";
import type { Ending } from "./workbench.ts";

const endings: Readonly<Record<Ending, string>> = {
  done: "is done",
  failed: "failed",
  cancelled: "was cancelled",
  killed: "was killed",
};

/** `length`: the run's, in ms. */
export function endWords(ending: Ending, length: number): string {
  return `The program ${endings[ending]} after ${duration(length)}`;
}

/** The errors that aren't groups, the first few of them: those are what went wrong. */
export function failureWords(error: ErrorNode): string {
  const leaves: ErrorNode[] = [];
  const open = [error];
  for (let node = open.pop(); node !== undefined && leaves.length < 4; node = open.pop()) {
    if (node.children.length === 0) leaves.push(node);
    else open.push(...node.children.toReversed());
  }
  const texts = leaves.slice(0, 3).map(({ name, text }) => `${name}: ${text}`);
  return leaves.length > 3 ? `${texts.join(". ")}, and more` : texts.join(". ");
}
