import type { RunEvent } from "./event.ts";
import { Growing } from "./growing.ts";
import type { Arrow, Output, Timeline } from "./lane.ts";
import { isLive, LaneTree, type Place, stateOf } from "./lane-tree.ts";

type EventOf<K extends RunEvent["kind"]> = Extract<RunEvent, { kind: K }>;

/** What was known before an event. */
interface Before {
  readonly mark: number;
  readonly arrows: number;
  readonly output: number;
  readonly errors: Timeline["errors"];
  readonly now: number;
}

/** What is known after some events of a run; the last can be taken back, for what its coming cost. */
export class TimelineModel {
  private readonly tree = new LaneTree();
  private readonly arrows = new Growing<Arrow>();
  private readonly output = new Growing<Output>();
  private readonly history: Before[] = [];
  private errors: Timeline["errors"];
  private now = 0;
  private finish: EventOf<"finish"> | undefined;

  /** How many events have been applied. */
  get length(): number {
    return this.history.length;
  }

  apply(event: RunEvent): void {
    const { tree, arrows, output, errors, now } = this;
    this.history.push({ mark: tree.mark, arrows: arrows.length, output: output.length, errors, now });
    this.now = event.at;
    switch (event.kind) {
      case "open":
        return this.open(event);
      case "create":
        return tree.add(event.id, event.name, "task", tree.get(event.parent), "pending", event.at);
      case "start":
        return this.at(event.id, (place) => tree.enter(place, "running", event.at));
      case "close":
        return this.at(event.id, (place) => this.close(event, place));
      case "end":
        return this.at(event.id, (place) => tree.enter(place, event.state, event.at, outcomeOf(event)));
      case "cancel":
        return this.at(event.id, (place) => this.cancel(event, place));
      case "note":
        return this.at(event.id, (place) => this.note(event, place));
      case "output":
        return output.add({ at: event.at, text: event.text, level: event.level });
      case "finish":
        this.finish = event;
        this.errors = event.error;
    }
  }

  /** Takes the last event back. */
  undo(): void {
    const before = this.history.pop();
    if (before === undefined) return;
    this.tree.takeBack(before.mark);
    this.arrows.shorten(before.arrows);
    this.output.shorten(before.output);
    this.errors = before.errors;
    this.now = before.now;
    this.finish = undefined;
  }

  timeline(until: number): Timeline {
    const { finish } = this;
    return {
      lanes: this.tree.lanes,
      arrows: this.arrows.all,
      errors: this.errors,
      // Nothing happens after the end, however long one looks.
      now: finish === undefined ? Math.max(this.now, until) : this.now,
      state: finish !== undefined ? "ended" : this.length > 0 ? "running" : "idle",
      ending: finish?.state,
      result: finish?.result,
      output: this.output.all,
    };
  }

  /** Of what isn't known nothing can be shown. */
  private at(id: number, then: (place: Place) => void): void {
    const place = this.tree.get(id);
    if (place !== undefined) then(place);
  }

  private open({ id, name, shape, parent, at }: EventOf<"open">): void {
    const above = this.tree.get(parent);
    // What begins under a cancelled scope is cancelled as it begins, unless it is a shield.
    const isCancelled = above !== undefined && shape !== "shield" && stateOf(above) === "draining";
    const state = isCancelled ? "draining" : "running";
    const known = this.tree.get(id);
    if (known === undefined) this.tree.add(id, name, shape, above, state, at);
    else this.tree.enter(known, state, at);
  }

  private close(event: EventOf<"close">, place: Place): void {
    const left = stateOf(place) === "draining" ? "cancelled" : "done";
    this.tree.enter(place, event.state === "left" ? left : event.state, event.at, outcomeOf(event));
    if (event.state === "failed" && event.error !== undefined) this.errors = event.error;
  }

  /** Marks all that the cancellation reaches: it stops at shields. */
  private cancel({ id, by, at, text }: EventOf<"cancel">, origin: Place): void {
    const from = by ?? id;
    const reached = [origin];
    for (let place = reached.pop(); place !== undefined; place = reached.pop()) {
      if (isLive(place)) {
        if (place.lane.id !== from) this.arrows.add({ from, to: place.lane.id, at, text });
        if (stateOf(place) === "running") this.tree.enter(place, "draining", at);
      }
      for (let index = place.children.length - 1; index >= 0; index--) {
        const child = place.children[index] as Place;
        if (child.lane.shape !== "shield") reached.push(child);
      }
    }
  }

  private note({ at, note, text }: EventOf<"note">, place: Place): void {
    this.tree.replace(place, { ...place.lane, notes: [...place.lane.notes, { at, text, kind: note }] });
    if (note === "dead-on-arrival") this.tree.enter(place, "dead-on-arrival", at, { text, isError: false });
  }
}

function outcomeOf({ state, text }: EventOf<"close" | "end">): { text: string; isError: boolean } | undefined {
  return text === undefined ? undefined : { text, isError: state === "failed" };
}
