import type { ErrorNode, NoteKind, OutputLevel } from "./event.ts";

/** As far as instruments tell: blocks are known by what happens under them, see `RunEvent`. */
export type TaskShape = "group" | "task" | "deadline" | "shield";

export type LaneState = "pending" | "running" | "draining" | "done" | "failed" | "cancelled" | "dead-on-arrival";

/**
 * A stretch in which a lane was in one state, in ms since the run began. `to` is undefined while it still is. A lane that
 * has ended says how by its last segment, which has no length: `from === to`.
 */
export interface Segment {
  readonly state: LaneState;
  readonly from: number;
  readonly to: number | undefined;
}

interface Note {
  readonly at: number;
  readonly text: string;
  readonly kind: NoteKind;
}

/** A group or task and what became of it. Never changed: what happens to it makes another, so `===` tells. */
export interface Lane {
  readonly id: number;
  readonly name: string;
  /** The names from the outermost lane down to this one. */
  readonly path: readonly string[];
  readonly shape: TaskShape;
  readonly parent: number | undefined;
  readonly depth: number;
  readonly segments: readonly Segment[];
  readonly outcome?: { readonly text: string; readonly isError: boolean };
  readonly notes: readonly Note[];
}

/** From what failed, expired or was cancelled to what was cancelled with it. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly text: string;
}

export interface Output {
  readonly at: number;
  readonly text: string;
  readonly level: OutputLevel;
}

export interface Timeline {
  /** Depth first: members under their group, in the order of their creation. */
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
  /** What came out of the program; while it runs, out of the group that closed last with an error. */
  readonly errors: ErrorNode | undefined;
  /** Ms since the run began: of the last event that was looked at, or the moment asked for. */
  readonly now: number;
  readonly state: "idle" | "running" | "ended";
  /** How it ended. */
  readonly ending: "done" | "failed" | "cancelled" | "killed" | undefined;
  readonly result: string | undefined;
  readonly output: readonly Output[];
}
