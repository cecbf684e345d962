import { type CancelScope, childrenOf } from "./cancel-scope.ts";
import { nodesOf } from "./linked-list.ts";
import { reasonText } from "./reason-text.ts";
import type { RuntimeState } from "./runtime.ts";
import { infoOf, type TaskInfo } from "./task-info.ts";
import { LIVE } from "./waitable.ts";

/** A scope that is open, and what is open under it (DX-1). */
export interface TaskNode extends TaskInfo {
  /** While the function of a service runs, see `openBackgroundTasks`, its task has a `run` of the same name below it. */
  readonly kind: "group" | "task" | "run" | "deadline" | "shield";
  /** A task's state, or of a block "running" or "waiting" (its body has ended); "cancelling" while either ignores its cancellation. */
  readonly state: string;
  /** Ms since it started. */
  readonly age: number;
  readonly cancelledBy?: string | undefined;
  /** What it waits for by the library's own means; a wait for anything else, such as a file, can't be seen. */
  readonly waitsFor?: readonly string[] | undefined;
  readonly children: readonly TaskNode[];
}

/** What is open in a runtime, as plain data. */
export function inspect(runtime: RuntimeState): readonly TaskNode[] {
  return nodesUnder(runtime.root, runtime.time());
}

function nodesUnder(scope: CancelScope, now: number): TaskNode[] {
  return [...childrenOf(scope)].map((child) => {
    const waitsFor = [...nodesOf(child.waits)].flatMap((wait) => wait.waitsFor ?? []);
    return {
      ...infoOf(child),
      kind: child.kind as TaskNode["kind"],
      state: child.isCancelled && child.isBusy ? "cancelling" : child.state,
      age: child.since === undefined ? 0 : now - child.since,
      ...(child.reason === LIVE ? {} : { cancelledBy: reasonText(child.reason) }),
      ...(waitsFor.length === 0 ? {} : { waitsFor }),
      children: nodesUnder(child, now),
    };
  });
}

/**
 * Draws a tree of open work, a line each, for people.
 *
 * @example
 * ```ts
 * console.log(formatTaskTree(inspectTasks()));
 * // TaskGroup-1 (group, waiting, 12 ms)
 * // └─ fetch /a (task, running, 11 ms)
 * ```
 */
export function formatTaskTree(tree: readonly TaskNode[]): string {
  return tree.map((node) => [lineOf(node), ...branches(node)].join("\n")).join("\n");
}

function branches({ children }: TaskNode): string[] {
  return children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const below = branches(child).map((line) => `${isLast ? "   " : "│  "}${line}`);
    return [`${isLast ? "└─ " : "├─ "}${lineOf(child)}`, ...below];
  });
}

function lineOf({ name, kind, state, age, cancelledBy, waitsFor }: TaskNode): string {
  const cause = cancelledBy === undefined ? "" : `, cancelled by ${cancelledBy}`;
  const waits = waitsFor === undefined ? "" : `, waits for ${waitsFor.join(" and ")}`;
  return `${name} (${kind}, ${state}, ${Math.round(age)} ms${cause}${waits})`;
}
