import type { TaskNode } from "@cohort/core";

/** The most lines of a tree that a message shows. */
const LINES = 100;

/** Says of each task what it waits for, where that can be seen, and where it can't. */
export function explain(tree: readonly TaskNode[]): readonly TaskNode[] {
  return tree.map((node) => {
    const isBlind = node.waitsFor === undefined && node.children.length === 0 && node.state !== "pending";
    const waitsFor = isBlind ? { waitsFor: ["something that can't be seen"] } : {};
    return { ...node, ...waitsFor, children: explain(node.children) };
  });
}

/** The first lines of a text. */
export function shorten(text: string): string {
  const lines = text.split("\n");
  const more = lines.length - LINES;
  return more > 0 ? [...lines.slice(0, LINES), `… and ${more} lines more`].join("\n") : text;
}

/** What is known of a deadlock. */
export interface Deadlock {
  /** What the clock shows. */
  readonly now: number;
  /** The tree, drawn. */
  readonly tree: string;
  /** What is waited for by nobody's leave. */
  readonly floating: readonly string[];
  /** How many timers are set: with them it is time that nobody lets pass. */
  readonly timers: number;
  /** Real ms in which nothing has happened; undefined where nothing real can happen. */
  readonly quiet: number | undefined;
}

export function describeDeadlock({ now, tree, floating, timers, quiet }: Deadlock): string {
  const set = timers === 0 ? "no timer is set" : `${timers} timers wait for advance(), since autoJump is off`;
  const real = quiet === undefined ? "" : `, and for ${quiet} ms of real time nothing has happened`;
  return [
    `deadlock: everything waits, ${set}${real}; the clock stands at ${now} ms`,
    tree === "" ? "no block is open" : shorten(tree),
    ...(floating.length === 0 ? [] : [`for nobody's sake: ${floating.join(", ")}`]),
    ...(quiet === undefined
      ? []
      : [
          "A real request or file may take longer than that: hold the clock while it is under way, or raise `patience`.",
        ]),
  ].join("\n");
}
