/** An error as the page shows it: plain data, whatever was thrown. */
export interface ErrorNode {
  /** Its message, or the value in a line if it is no Error. */
  readonly text: string;
  /** The error's name, such as "TypeError"; the type of what isn't an Error. */
  readonly name: string;
  /** The lane of the task that failed with it, where a group tells. */
  readonly lane: number | undefined;
  /** What an exception group holds. */
  readonly children: readonly ErrorNode[];
  readonly cause?: ErrorNode;
}

export type NoteKind = "ignored-cancel" | "straggler" | "dead-on-arrival";
export type OutputLevel = "log" | "warn" | "error";

interface Happening {
  /** Ms since the run began, on the clock of the run. */
  readonly at: number;
}

interface Concerning extends Happening {
  /** The group or task. */
  readonly id: number;
}

/**
 * A block has opened. Instruments tell of groups; of deadlines and shields they tell only by what happens under them, so
 * one of those opens with the first of that, closes with the last, and may open again.
 */
interface Opened extends Concerning {
  readonly kind: "open";
  readonly parent: number | undefined;
  readonly name: string;
  readonly shape: "group" | "deadline" | "shield";
}

interface Closed extends Concerning {
  readonly kind: "close";
  /** "left": nothing is known to be under it any more; it wasn't told how the block ended. */
  readonly state: "done" | "failed" | "cancelled" | "left";
  readonly text?: string;
  readonly error?: ErrorNode;
}

interface Created extends Concerning {
  readonly kind: "create";
  /** Undefined for a detached task. */
  readonly parent: number | undefined;
  readonly name: string;
}

interface Started extends Concerning {
  readonly kind: "start";
}

interface Ended extends Concerning {
  readonly kind: "end";
  readonly state: "done" | "failed" | "cancelled";
  readonly text?: string;
}

/** A scope was cancelled, and with it all that no shield protects. */
interface Cancelled extends Concerning {
  readonly kind: "cancel";
  /** Whose failure it was; undefined if the block's own end, deadline or `cancel()` did it, or something outside. */
  readonly by: number | undefined;
  readonly text: string;
}

interface Noted extends Concerning {
  readonly kind: "note";
  readonly note: NoteKind;
  readonly text: string;
}

/** What the program printed, and what was reported because no block could throw it. */
interface Printed extends Happening {
  readonly kind: "output";
  readonly level: OutputLevel;
  readonly text: string;
}

/** The program has ended, and nothing comes after this. */
interface Finished extends Happening {
  readonly kind: "finish";
  readonly state: "done" | "failed" | "cancelled" | "killed";
  /** What the program returned, in a line. */
  readonly result?: string;
  readonly error?: ErrorNode;
}

/** Something that happened in a run: plain data, in order, so that a run can be kept, sent and replayed. */
export type RunEvent = Opened | Closed | Created | Started | Ended | Cancelled | Noted | Printed | Finished;
