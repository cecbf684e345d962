import type { Lane, LaneState, TaskShape } from "../recording/timeline.ts";
import { duration } from "./time-window.ts";

export const laneStates = [
  "pending",
  "running",
  "draining",
  "done",
  "failed",
  "cancelled",
  "dead-on-arrival",
] as const satisfies readonly LaneState[];

/** What the legend and a screen reader say of a state. */
export const stateNames: Readonly<Record<LaneState, string>> = {
  pending: "pending",
  running: "running",
  draining: "draining",
  done: "done",
  failed: "failed",
  cancelled: "cancelled",
  "dead-on-arrival": "dead on arrival",
};

export const shapeNames: Readonly<Record<TaskShape, string>> = {
  group: "task group",
  task: "task",
  deadline: "deadline",
  shield: "shield",
};

/** No state comes after these. */
export function isFinal(state: LaneState): boolean {
  return state === "done" || state === "failed" || state === "cancelled" || state === "dead-on-arrival";
}

export function stateOf(lane: Lane): LaneState {
  return lane.segments.at(-1)?.state ?? "pending";
}

function beginningOf(lane: Lane): number {
  return lane.segments[0]?.from ?? 0;
}

/** When it came to its final state, or `undefined` while it hasn't. */
function endOf(lane: Lane): number | undefined {
  const last = lane.segments.at(-1);
  return last !== undefined && isFinal(last.state) ? last.from : undefined;
}

/** `0 to 350 ms`, or `since 20 ms`. */
export function spanOf(lane: Lane): string {
  const end = endOf(lane);
  const begin = duration(beginningOf(lane));
  return end === undefined ? `since ${begin}` : `${begin} to ${duration(end)}`;
}
