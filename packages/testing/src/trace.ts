import type { Instrument, TaskInfo } from "@cohort/core";
import { errorText, textOf } from "./text-of.ts";

export type TraceEventName =
  | "open"
  | "close"
  | "create"
  | "start"
  | "done"
  | "failed"
  | "cancelled"
  | "cancel"
  | "ignored cancel"
  | "dead on arrival"
  | "straggler"
  | "error"
  | "warning"
  | "mark";

/** Something that happened under virtual time. Plain data, the same in every run: fit for a snapshot. */
export interface TraceEvent {
  /** Ms since the clock was taken over. */
  readonly at: number;
  readonly event: TraceEventName;
  /** To whom: the names from the outermost group down, joined by " > ". Empty for marks. */
  readonly task: string;
  /** Unique under this clock, for telling apart two of the same name. */
  readonly id: number;
  /** The error, the reason or the text, in a line. */
  readonly detail?: string;
}

/** Writes down what happens, when and to whom. */
export class Recorder {
  readonly events: TraceEvent[] = [];
  private readonly elapsed: () => number;

  constructor(elapsed: () => number) {
    this.elapsed = elapsed;
  }

  readonly instrument: Required<Instrument> = {
    onGroupOpen: (group) => this.add("open", group),
    onGroupClose: (group, outcome) => this.add("close", group, failureOf(outcome)),
    onTaskCreate: (task) => this.add("create", task),
    onTaskStart: (task) => this.add("start", task),
    onTaskEnd: (task, outcome, state) => this.add(state as "done", task, failureOf(outcome)),
    onCancel: (scope, reason) => this.add("cancel", scope, errorText(reason)),
    onIgnoredCancel: (task) => this.add("ignored cancel", task),
    onDeadOnArrival: (task) => this.add("dead on arrival", task),
    onStraggler: (task, ms) => this.add("straggler", task, `${ms} ms`),
  };

  add(event: TraceEventName, task?: TaskInfo, detail?: string): void {
    const who = { task: task?.path.join(" > ") ?? "", id: task?.id ?? 0 };
    this.events.push({ at: this.elapsed(), event, ...who, ...(detail === undefined ? {} : { detail }) });
  }
}

function failureOf(outcome: PromiseSettledResult<unknown>): string | undefined {
  return outcome.status === "rejected" ? errorText(outcome.reason) : undefined;
}

/** A trace as text, a line an event: "  20 ms  failed     crawl > page-7  Error: 503". */
export function formatTrace(events: readonly TraceEvent[]): string {
  const width = Math.max(0, ...events.map(({ at }) => textOf(at).length));
  return events
    .map(({ at, event, task, detail }) => {
      const parts = [`${textOf(at).padStart(width)} ms`, event.padEnd(LONGEST_NAME), task, detail ?? ""];
      return parts
        .filter((part) => part !== "")
        .join("  ")
        .trimEnd();
    })
    .join("\n");
}

const LONGEST_NAME = "dead on arrival".length;
