import type { Lane } from "../recording/timeline.ts";
import { spanOf } from "./lane-state.ts";
import type { TimelineView } from "./view.ts";

/** All that the canvas shows of a lane, as a sentence. */
export function wordsOf(lane: Lane, view: TimelineView): string {
  const parts = [spanOf(lane)];
  const cancelled = cancellationOf(lane, view);
  if (cancelled !== undefined) parts.push(cancelled);
  if (lane.outcome !== undefined) parts.push(lane.outcome.text);
  for (const note of lane.notes) parts.push(note.text);
  return parts.join(", ");
}

/** `cancelled by “b”`, for a lane that an arrow points to. */
export function cancellationOf(lane: Lane, view: TimelineView): string | undefined {
  const by = view.cancelledBy.value.get(lane.id);
  const from = by && view.byId.value.get(by.from);
  return from && `cancelled by “${from.name}”`;
}
