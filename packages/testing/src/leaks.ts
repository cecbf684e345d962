import type { TaskNode } from "@cohort/core";
import { shorten } from "./deadlock.ts";
import { errorText } from "./text-of.ts";
import type { Report } from "./virtual-adapter.ts";

/** What a test left behind. */
export interface Leaks {
  /** Groups and tasks that are still open. */
  readonly open: readonly TaskNode[];
  /** Timers that are still set. */
  readonly timers: number;
  /** What is still waited for by nobody's leave, such as a floating `sleep(ms)`. */
  readonly floating: readonly string[];
  /** AbortSignals handed in that still have a listener of the library's. */
  readonly signals: number;
  /** Errors that could come out of no block, and that the test hasn't taken from the clock. */
  readonly errors: readonly Report[];
}

export function hasLeaks({ open, timers, floating, signals, errors }: Leaks): boolean {
  return open.length > 0 || timers > 0 || floating.length > 0 || signals > 0 || errors.length > 0;
}

/** Says what was left, and how to mend it. */
export function describeLeaks({ open, timers, floating, signals, errors }: Leaks, tree: string): string {
  const parts = ["the test left something behind"];
  if (open.length > 0) {
    parts.push(
      `still open:\n${indent(shorten(tree))}`,
      "to mend it: await what the test starts, cancel it, or join() it before the test ends; members that never end by " +
        "themselves are `background: true`, services end by shutdown()",
    );
  }
  if (floating.length > 0) {
    parts.push(
      `still waiting, for nobody's sake: ${floating.join(", ")}`,
      "to mend it: await it, or give it a scope or a signal",
    );
  } else if (timers > 0 && open.length === 0) {
    parts.push(`still set: ${count(timers, "timer")}; to mend it: await the sleep, or abort it`);
  }
  if (signals > 0) {
    parts.push(
      `still listened to: ${count(signals, "AbortSignal")}; to mend it: end what waits for the signal's sake, or abort it`,
    );
  }
  if (errors.length > 0) {
    const lines = errors.map(({ error, tasks: [task] }) => {
      return `${task === undefined ? "" : `${task.path.join(" > ")}: `}${errorText(error)}`;
    });
    parts.push(
      `reported, and not taken by the test:\n${indent(shorten(lines.join("\n")))}`,
      "to mend it: handle it where it happens, or expect it: clock.takeReports()",
    );
  }
  return parts.join("\n");
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
