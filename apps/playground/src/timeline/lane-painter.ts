import type { Layer } from "konva/lib/Layer.js";
import { Path } from "konva/lib/shapes/Path.js";
import { Rect } from "konva/lib/shapes/Rect.js";
import { Text } from "konva/lib/shapes/Text.js";
import type { Lane, LaneState, Segment, TaskShape } from "../recording/timeline.ts";
import { noteGlyphs, stateGlyphs } from "./glyphs.ts";
import { isFinal } from "./lane-state.ts";
import { NodePool } from "./node-pool.ts";
import type { Palette } from "./palette.ts";
import { patternOf, patternTile } from "./patterns.ts";
import { rulerHeight, type Picture } from "./picture.ts";
import { rowHeight } from "./rows.ts";
import { positionOf } from "./time-window.ts";

const glyphSize = 14;
const leastText = 48;
const font = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** What isn't work of its own is thinner than a task. */
const barHeights: Readonly<Record<TaskShape, number>> = { task: 14, shield: 12, group: 8, deadline: 5 };

/** Draws the lanes in view: a bar for each state that takes time, a mark for how it ended, what it ended with. */
export class LanePainter {
  readonly #backgrounds: NodePool<Rect>;
  readonly #bars: NodePool<Rect>;
  readonly #marks: NodePool<Path>;
  readonly #texts: NodePool<Text>;
  #tiles = new Map<LaneState, HTMLImageElement>();
  #palette: Palette | undefined;

  /** Marks and texts lie on a layer of their own, above the arrows. */
  constructor(layer: Layer, above: Layer) {
    this.#backgrounds = new NodePool(layer, () => new Rect({ listening: false }));
    this.#bars = new NodePool(layer, () => new Rect({ listening: false, perfectDrawEnabled: false }));
    this.#texts = new NodePool(
      above,
      () =>
        new Text({
          listening: false,
          strokeWidth: 3,
          fillAfterStrokeEnabled: true,
          wrap: "none",
          ellipsis: true,
          fontFamily: font,
        }),
    );
    this.#marks = new NodePool(
      above,
      () => new Path({ listening: false, fillRule: "evenodd", strokeWidth: 4, fillAfterStrokeEnabled: true }),
    );
  }

  /** How many lanes' bars the last frame held. */
  get bars(): number {
    return this.#bars.used;
  }

  paint(picture: Picture, first: number, end: number, width: number): void {
    const pools = [this.#backgrounds, this.#bars, this.#texts, this.#marks];
    for (const pool of pools) pool.begin();
    if (picture.palette !== this.#palette) {
      this.#palette = picture.palette;
      this.#tiles = new Map();
    }
    for (let row = first; row < end; row++) {
      const lane = picture.rows.lanes[row]!;
      const top = rulerHeight + row * rowHeight - picture.scrollTop;
      if (lane.id === picture.selected) {
        this.#backgrounds.take({ x: 0, y: top, width, height: rowHeight, fill: picture.palette.selected });
      }
      this.#paintLane(lane, top, picture, width);
    }
    for (const pool of pools) pool.end();
  }

  #paintLane(lane: Lane, top: number, picture: Picture, width: number): void {
    const { palette, window, now } = picture;
    for (const segment of lane.segments) {
      const left = positionOf(segment.from, window, width);
      if (isFinal(segment.state)) this.#paintEnd(lane, segment, left, top, picture, width);
      else {
        const right = positionOf(segment.to ?? Math.max(now, segment.from), window, width);
        // A wait that lasted less than a pixel would look like the bar's edge.
        const isSliver = segment.to !== undefined && right - left < 1.5;
        if (!isSliver && right >= 0 && left <= width) this.#paintBar(lane, segment.state, left, right, top, width);
      }
    }
    for (const { at, kind } of lane.notes) {
      if (kind === "dead-on-arrival") continue;
      this.#glyph(noteGlyphs[kind], palette.states.draining, positionOf(at, window, width), top, palette.surface);
    }
  }

  #paintBar(lane: Lane, state: LaneState, from: number, to: number, top: number, width: number): void {
    // A bar that goes on far beyond the edges is cut there: canvases draw such widths slowly and inexactly.
    const left = Math.max(from, -20);
    const right = Math.min(Math.max(to, from + 2), width + 20);
    const height = barHeights[lane.shape];
    const colour = this.#palette!.states[state];
    const tile = this.#tile(state, colour);
    this.#bars.take({
      x: left,
      y: top + (rowHeight - height) / 2,
      width: right - left,
      height,
      cornerRadius: lane.shape === "group" ? 0 : Math.min(height / 2, lane.shape === "shield" ? 6 : 3),
      fill: colour,
      ...(tile === undefined ? { fillPriority: "color" } : { fillPriority: "pattern", fillPatternImage: tile }),
      stroke: colour,
      strokeWidth: 1,
    });
  }

  #paintEnd(lane: Lane, { state }: Segment, x: number, top: number, picture: Picture, width: number): void {
    if (x < -width || x > width + glyphSize) return;
    const { palette } = picture;
    this.#glyph(stateGlyphs[state], palette.states[state], x, top, palette.surface);
    const left = x + glyphSize / 2 + 5;
    if (lane.outcome === undefined || left < 0 || width - left < leastText) return;
    this.#texts.take({
      x: left,
      y: top,
      width: width - left - 4,
      height: rowHeight,
      verticalAlign: "middle",
      fontSize: 12,
      text: lane.outcome.text,
      fill: lane.outcome.isError ? palette.states[state] : palette.muted,
      stroke: lane.id === picture.selected ? palette.selected : palette.surface,
    });
  }

  #glyph(data: string, colour: string, x: number, top: number, surface: string): void {
    const scale = glyphSize / 16;
    const half = glyphSize / 2;
    this.#marks.take({
      data,
      x: x - half,
      y: top + rowHeight / 2 - half,
      scaleX: scale,
      scaleY: scale,
      fill: colour,
      // A rim of the surface's colour: the mark stands out from the bar that it ends.
      stroke: surface,
    });
  }

  #tile(state: LaneState, colour: string): HTMLImageElement | undefined {
    const pattern = patternOf[state];
    if (pattern === "solid") return undefined;
    let tile = this.#tiles.get(state);
    if (tile === undefined) {
      // A canvas can be a pattern as well as an image can; Konva's type doesn't say so.
      tile = patternTile(pattern, colour) as unknown as HTMLImageElement;
      this.#tiles.set(state, tile);
    }
    return tile;
  }
}
