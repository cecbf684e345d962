import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Lane, Timeline } from "../recording/timeline.ts";
import { bundlesOf, placed } from "./arrow-bundles.ts";
import { rowHeight, rowsOf, type Rows } from "./rows.ts";
import { fitting, panned, zoomed, type TimeWindow } from "./time-window.ts";

/** What somebody sees of a timeline: which stretch of time, which rows, what is folded and what is selected. */
export class TimelineView {
  readonly timeline: ReadonlySignal<Timeline>;
  /** How long the run is as far as it is known, in ms; what fits the window fits this. */
  readonly length: ReadonlySignal<number>;
  readonly folded = signal<ReadonlySet<number>>(new Set());
  readonly selected = signal<number | undefined>(undefined);
  readonly scrollTop = signal(0);
  /** The canvas' width, in px. */
  readonly width = signal(1);
  /** The height that lanes have, in px. */
  readonly height = signal(1);

  /** `undefined` fits the run as it grows. */
  readonly #chosen = signal<TimeWindow | undefined>(undefined);
  #rows: Rows | undefined;
  readonly #lanes = computed(() => this.timeline.value.lanes);
  readonly #arrows = computed(() => this.timeline.value.arrows);
  readonly #bundles = computed(() => bundlesOf(this.#arrows.value));

  readonly window = computed<TimeWindow>(() => this.#chosen.value ?? fitting(this.length.value));
  readonly fits = computed(() => this.#chosen.value === undefined);
  readonly byId = computed<ReadonlyMap<number, Lane>>(() => new Map(this.#lanes.value.map((lane) => [lane.id, lane])));
  readonly rows = computed(() => (this.#rows = rowsOf(this.#lanes.value, this.folded.value, this.#rows)));
  readonly bundles = computed(() => {
    const bundles = this.#bundles.value;
    return bundles.length === 0 ? [] : placed(bundles, this.byId.value, this.rows.value);
  });

  /** What cancelled a lane, for those who don't see the arrows; the id of the lane and what it says. */
  readonly cancelledBy = computed<ReadonlyMap<number, { readonly from: number; readonly text: string }>>(
    () => new Map(this.#arrows.value.map(({ from, to, text }) => [to, { from, text }])),
  );

  constructor(timeline: ReadonlySignal<Timeline>, length: ReadonlySignal<number>) {
    this.timeline = timeline;
    this.length = length;
  }

  /** For another run: nothing of what was seen of the last one holds. */
  reset(): void {
    batch(() => {
      this.folded.value = new Set();
      this.selected.value = undefined;
      this.scrollTop.value = 0;
      this.fit();
    });
  }

  fit(): void {
    this.#chosen.value = undefined;
  }

  /** By a factor above 1 closer; around the middle unless told. `around` in ms. */
  zoom(factor: number, around = (this.window.value.from + this.window.value.to) / 2): void {
    this.#chosen.value = zoomed(this.window.value, factor, around);
  }

  /** Later by a part of what is in view; a negative one: earlier. */
  pan(part: number): void {
    const { from, to } = this.window.value;
    this.#chosen.value = panned({ from, to }, (to - from) * part);
  }

  fold(lane: number, isFolded: boolean): void {
    const folded = new Set(this.folded.value);
    if (isFolded) folded.add(lane);
    else folded.delete(lane);
    this.folded.value = folded;
  }

  /** Selects the lane, and unfolds what hides it. */
  reveal(lane: number): void {
    batch(() => {
      const folded = new Set(this.folded.value);
      for (let at = this.byId.value.get(lane)?.parent; at !== undefined; at = this.byId.value.get(at)?.parent) {
        folded.delete(at);
      }
      this.folded.value = folded;
      this.selected.value = lane;
    });
  }

  /** The row of what is selected, if it has one. */
  get selectedRow(): number | undefined {
    return this.selected.value === undefined ? undefined : this.rows.value.rowOf.get(this.selected.value);
  }

  /** Selects a row; one beyond the first or the last selects that. */
  selectRow(row: number): void {
    const { lanes } = this.rows.value;
    this.selected.value = lanes[Math.min(Math.max(row, 0), lanes.length - 1)]?.id;
  }

  /** Where the lanes must be scrolled to for this row to be in view, in px. */
  scrollFor(row: number): number {
    const top = row * rowHeight;
    return Math.min(Math.max(this.scrollTop.value, top + rowHeight - this.height.value), top);
  }
}
