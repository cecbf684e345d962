import type { TaskNode } from "@cohort/core";

/** Says of each task what it waits for, where that can be seen, and where it can't. */
export function explain(tree: readonly TaskNode[]): readonly TaskNode[] {
  return tree.map((node) => {
    const isBlind = node.waitsFor === undefined && node.children.length === 0 && node.state !== "pending";
    const waitsFor = isBlind ? { waitsFor: ["something that can't be seen"] } : {};
    return { ...node, ...waitsFor, children: explain(node.children) };
  });
}

export function describeDeadlock(now: number, patience: number, tree: string): string {
  const real = patience > 0 ? `, and for ${patience} ms of real time nothing has happened` : "";
  return [
    `deadlock: everything waits, no timer is set${real}; the clock stands at ${now} ms`,
    tree,
    "A real request or file may take longer than that: hold the clock while it is under way, or raise `patience`.",
  ].join("\n");
}
