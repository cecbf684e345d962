import type { RunEvent } from "./event.ts";
import type { Timeline } from "./lane.ts";
import { TimelineModel } from "./timeline-model.ts";

export type { ErrorNode, RunEvent } from "./event.ts";
export type { Arrow, Lane, LaneState, Segment, TaskShape, Timeline } from "./lane.ts";

/**
 * Turns events into a timeline as they come, and shows any moment of it. Going forward or back costs what the events on the
 * way cost.
 */
export class TimelineBuilder {
  private readonly events: RunEvent[] = [];
  private readonly model = new TimelineModel();

  get length(): number {
    return this.events.length;
  }

  add(...events: readonly RunEvent[]): void {
    for (const event of events) this.events.push(event);
  }

  /** After the first `index` events; without an index, after all. `now`: how far time has come since, in ms. */
  at(index: number = this.events.length, now = 0): Timeline {
    const { model, events } = this;
    const wanted = Math.max(0, Math.min(Math.trunc(index), events.length));
    while (model.length > wanted) model.undo();
    while (model.length < wanted) model.apply(events[model.length] as RunEvent);
    return model.timeline(now);
  }

  /** What was known at a moment, in ms since the run began. */
  atTime(until: number): Timeline {
    return this.at(eventsUntil(this.events, until), until);
  }
}

/** How many of the events had happened at a moment, in ms since the run began. */
export function eventsUntil(events: readonly RunEvent[], until: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as RunEvent).at <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The timeline of a run, or what was known of it at `until` ms. For a run that still goes on: `TimelineBuilder`. */
export function timelineOf(events: readonly RunEvent[], until: number = Infinity): Timeline {
  const model = new TimelineModel();
  const count = eventsUntil(events, until);
  for (let index = 0; index < count; index++) model.apply(events[index] as RunEvent);
  return model.timeline(until === Infinity ? 0 : until);
}
