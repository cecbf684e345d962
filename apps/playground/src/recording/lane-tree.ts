import type { Lane, LaneState, TaskShape } from "./lane.ts";

/** A lane's place among the others. The lane itself is replaced whenever something happens to it. */
export interface Place {
  lane: Lane;
  readonly above: Place | undefined;
  readonly children: Place[];
}

/** What an event did to one place; without a lane before, it made it. */
interface Change {
  readonly place: Place;
  readonly before: Lane | undefined;
}

const ENDS: ReadonlySet<LaneState> = new Set(["done", "failed", "cancelled", "dead-on-arrival"]);

/** The lanes, and what was done to them, so that it can be taken back. */
export class LaneTree {
  private readonly places = new Map<number, Place>();
  private readonly roots: Place[] = [];
  private readonly changes: Change[] = [];
  /** Depth first; undefined when a lane has come or gone since. */
  private order: Place[] | undefined;

  /** How many changes there have been: what `takeBack` goes back to. */
  get mark(): number {
    return this.changes.length;
  }

  get lanes(): readonly Lane[] {
    this.order ??= flatten(this.roots);
    return this.order.map(({ lane }) => lane);
  }

  get(id: number | undefined): Place | undefined {
    return id === undefined ? undefined : this.places.get(id);
  }

  add(id: number, name: string, shape: TaskShape, above: Place | undefined, state: LaneState, at: number): void {
    const lane: Lane = {
      id,
      name,
      path: above === undefined ? [name] : [...above.lane.path, name],
      shape,
      parent: above?.lane.id,
      depth: above === undefined ? 0 : above.lane.depth + 1,
      segments: [{ state, from: at, to: undefined }],
      notes: [],
    };
    const place: Place = { lane, above, children: [] };
    this.places.set(id, place);
    (above?.children ?? this.roots).push(place);
    this.order = undefined;
    this.changes.push({ place, before: undefined });
  }

  replace(place: Place, lane: Lane): void {
    this.changes.push({ place, before: place.lane });
    place.lane = lane;
  }

  /** From now on the lane is in this state; one of the last states ends it. */
  enter(place: Place, state: LaneState, at: number, outcome?: Lane["outcome"]): void {
    const { lane } = place;
    const segments = lane.segments.slice();
    const last = segments.pop();
    // A state that lasted no time isn't shown, unless it is the last.
    if (last !== undefined && last.from < (last.to ?? at)) segments.push({ ...last, to: last.to ?? at });
    segments.push({ state, from: at, to: ENDS.has(state) ? at : undefined });
    this.replace(place, outcome === undefined ? { ...lane, segments } : { ...lane, segments, outcome });
  }

  takeBack(mark: number): void {
    while (this.changes.length > mark) {
      const { place, before } = this.changes.pop() as Change;
      if (before !== undefined) {
        place.lane = before;
      } else {
        // The last that was made is the last of its siblings.
        (place.above?.children ?? this.roots).pop();
        this.places.delete(place.lane.id);
        this.order = undefined;
      }
    }
  }
}

export function stateOf({ lane }: Place): LaneState | undefined {
  return lane.segments.at(-1)?.state;
}

export function isLive({ lane }: Place): boolean {
  return lane.segments.at(-1)?.to === undefined;
}

function flatten(roots: readonly Place[]): Place[] {
  const order: Place[] = [];
  const open = [...roots].reverse();
  // A loop, not a recursion: programs nest as deep as they like.
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    order.push(place);
    for (let index = place.children.length - 1; index >= 0; index--) open.push(place.children[index] as Place);
  }
  return order;
}
