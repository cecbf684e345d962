import type { Layer } from "konva/lib/Layer.js";
import { Arrow } from "konva/lib/shapes/Arrow.js";
import { Line } from "konva/lib/shapes/Line.js";
import { rowsWithin } from "./arrow-bundles.ts";
import { NodePool } from "./node-pool.ts";
import { rulerHeight, type Picture } from "./picture.ts";
import { rowHeight } from "./rows.ts";
import { positionOf } from "./time-window.ts";

/** How far left of the moment the trunk runs, in px: beside the marks, not through them. */
const aside = 24;

/** Draws what a failure cancelled: a trunk from its lane along the others, with a head at each that is in view. */
export class ArrowPainter {
  readonly #trunks: NodePool<Line>;
  readonly #heads: NodePool<Arrow>;

  constructor(layer: Layer) {
    this.#trunks = new NodePool(layer, () => new Line({ listening: false, lineCap: "round" }));
    this.#heads = new NodePool(layer, () => new Arrow({ listening: false, pointerLength: 6, pointerWidth: 6 }));
  }

  /** How many arrows' heads the last frame held. */
  get heads(): number {
    // Each has its rim.
    return this.#heads.used / 2;
  }

  paint({ bundles, window, palette, scrollTop, selected }: Picture, first: number, end: number, width: number): void {
    this.#trunks.begin();
    this.#heads.begin();
    const middleOf = (row: number) => rulerHeight + (row + 0.5) * rowHeight - scrollTop;
    for (const { bundle, fromRow, rows } of bundles) {
      const x = positionOf(bundle.at, window, width);
      const top = Math.min(fromRow, rows[0]!);
      const bottom = Math.max(fromRow, rows.at(-1)!);
      if (x < -aside || x > width + aside || bottom < first || top >= end) continue;
      const line = {
        stroke: palette.arrow,
        strokeWidth: selected === bundle.from ? 2.5 : 1.5,
        fill: palette.arrow,
      };
      const left = Math.max(Math.round(x - aside), 3);
      // A trunk through thousands of lanes is cut a little outside of the view.
      const clamp = (row: number) => middleOf(Math.min(Math.max(row, first - 1), end));
      const trunk = [left, clamp(top), left, clamp(bottom)];
      // The rim keeps it apart from the bars that it crosses.
      this.#trunks.take({ stroke: palette.surface, strokeWidth: line.strokeWidth + 3, points: trunk });
      this.#trunks.take({ ...line, points: trunk });
      if (fromRow >= first && fromRow < end) {
        this.#trunks.take({ ...line, points: [x - 8, middleOf(fromRow), left, middleOf(fromRow)] });
      }
      for (const row of rowsWithin(rows, first, end)) {
        const y = middleOf(row);
        const head = [left, y, Math.max(x - 9, left + 8), y];
        this.#heads.take({ stroke: palette.surface, fill: palette.surface, strokeWidth: 4.5, points: head });
        this.#heads.take({ ...line, points: head });
      }
    }
    this.#trunks.end();
    this.#heads.end();
  }
}
