import type { Instrument, TaskInfo } from "@cohort/core";
import { errorText, firstLine, textOf } from "./text-of.ts";

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
  /** To whom: the names from the outermost group down. Empty for a mark, and for what strikes all. */
  readonly path: readonly string[];
  /** Unique under this clock, for telling apart two of the same name; 0 for nobody. */
  readonly id: number;
  /** The error, the reason or the text, in a line. */
  readonly detail?: string;
}

/** Writes down what happens, when and to whom. */
export class Recorder {
  readonly events: TraceEvent[] = [];
  private readonly elapsed: () => number;
  private readonly happened: () => void;

  constructor(elapsed: () => number, happened: () => void) {
    this.elapsed = elapsed;
    this.happened = happened;
  }

  readonly instrument: Required<Instrument> = {
    onGroupOpen: (group) => this.add("open", group),
    onGroupClose: (group, outcome) => this.add("close", group, failureOf(outcome)),
    onTaskCreate: (task) => this.add("create", task),
    onTaskStart: (task) => this.add("start", task),
    onTaskEnd: (task, outcome, state) => this.add(state, task, failureOf(outcome)),
    onCancel: (scope, reason) => this.add("cancel", scope, errorText(reason)),
    onIgnoredCancel: (task) => this.add("ignored cancel", task),
    onDeadOnArrival: (task) => this.add("dead on arrival", task),
    onStraggler: (task, ms) => this.add("straggler", task, `${ms} ms`),
  };

  add(event: TraceEventName, task?: TaskInfo, detail?: string): void {
    const { path, id } = task === undefined || task.path.length === 0 ? { path: [], id: 0 } : task;
    const more = detail === undefined ? {} : { detail: firstLine(detail) };
    this.events.push({ at: this.elapsed(), event, path, id, ...more });
    this.happened();
  }
}

function failureOf(outcome: PromiseSettledResult<unknown>): string | undefined {
  return outcome.status === "rejected" ? errorText(outcome.reason) : undefined;
}

/** A trace as text, a line an event: "  20 ms  failed     crawl > page-7  Error: 503". */
export function formatTrace(events: readonly TraceEvent[]): string {
  const width = events.reduce((most, { at }) => Math.max(most, textOf(at).length), 0);
  return events
    .map(({ at, event, path, detail }) => {
      const parts = [`${textOf(at).padStart(width)} ms`, event.padEnd(LONGEST_NAME), path.join(" > "), detail ?? ""];
      return parts
        .filter((part) => part !== "")
        .join("  ")
        .trimEnd();
    })
    .join("\n");
}

const LONGEST_NAME = "dead on arrival".length;
