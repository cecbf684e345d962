import type { PlacedBundle } from "./arrow-bundles.ts";
import type { Palette } from "./palette.ts";
import type { Rows } from "./rows.ts";
import type { TimeWindow } from "./time-window.ts";

/** All that a frame of the canvas shows. */
export interface Picture {
  readonly rows: Rows;
  readonly bundles: readonly PlacedBundle[];
  readonly window: TimeWindow;
  /** How far the run or the replay is, in ms; `undefined` when there is no line to show for it. */
  readonly head: number | undefined;
  /** Bars of lanes that haven't ended reach to here, in ms. */
  readonly now: number;
  readonly scrollTop: number;
  readonly selected: number | undefined;
  readonly palette: Palette;
}

/** The height of the ruler above the lanes, in px. */
export const rulerHeight = 24;
