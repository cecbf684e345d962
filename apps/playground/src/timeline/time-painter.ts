import type { Layer } from "konva/lib/Layer.js";
import { Line } from "konva/lib/shapes/Line.js";
import { Text } from "konva/lib/shapes/Text.js";
import { NodePool } from "./node-pool.ts";
import { rulerHeight, type Picture } from "./picture.ts";
import { positionOf, ticksOf } from "./time-window.ts";

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Draws the ruler, its lines through the lanes, and the line where the run or the replay stands. */
export class TimePainter {
  readonly #lines: NodePool<Line>;
  readonly #labels: NodePool<Text>;

  constructor(layer: Layer) {
    this.#lines = new NodePool(layer, () => new Line({ listening: false, perfectDrawEnabled: false }));
    this.#labels = new NodePool(layer, () => new Text({ listening: false, fontSize: 11, fontFamily: font }));
  }

  paint({ window, head, palette, rows }: Picture, width: number, height: number): void {
    this.#lines.begin();
    this.#labels.begin();
    for (const { at, label } of rows.lanes.length === 0 ? [] : ticksOf(window, width)) {
      const x = Math.round(positionOf(at, window, width)) + 0.5;
      this.#lines.take({ points: [x, rulerHeight, x, height], stroke: palette.grid, strokeWidth: 1, dash: [] });
      // A label stands right of its line, and not at all where the edge would cut it.
      if (x + 4 + label.length * 7.5 > width) continue;
      this.#labels.take({ x: x + 4, y: 7, text: label, fill: palette.muted });
    }
    this.#lines.take({
      points: [0, rulerHeight - 0.5, width, rulerHeight - 0.5],
      stroke: palette.grid,
      strokeWidth: 1,
      dash: [],
    });
    if (head !== undefined) {
      const x = Math.round(positionOf(head, window, width)) + 0.5;
      this.#lines.take({ points: [x, 0, x, height], stroke: palette.now, strokeWidth: 1, dash: [4, 3] });
    }
    this.#lines.end();
    this.#labels.end();
  }
}
