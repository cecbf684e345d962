import { Konva } from "konva/lib/Global.js";
import { Layer } from "konva/lib/Layer.js";
import { Stage } from "konva/lib/Stage.js";
import { ArrowPainter } from "./arrow-painter.ts";
import { LanePainter } from "./lane-painter.ts";
import { rulerHeight, type Picture } from "./picture.ts";
import { rowsInView } from "./rows.ts";
import { TimePainter } from "./time-painter.ts";

/** What the last frame held: the same number of shapes, however many lanes there are. */
export interface FrameContents {
  readonly bars: number;
  readonly arrowHeads: number;
}

/** The Konva stage of the timeline. It draws the rows in view and nothing else. */
export class TimelineCanvas implements Disposable {
  readonly #stage: Stage;
  readonly #layer: Layer;
  readonly #clip: Layer;
  readonly #above: Layer;
  readonly #time: TimePainter;
  readonly #lanes: LanePainter;
  readonly #arrows: ArrowPainter;

  constructor(container: HTMLDivElement) {
    // Each frame is drawn once, when all of it is set.
    Konva.autoDrawEnabled = false;
    this.#stage = new Stage({ container, width: 1, height: 1, listening: false });
    this.#layer = new Layer({ listening: false });
    this.#clip = new Layer({ listening: false });
    this.#above = new Layer({ listening: false });
    this.#stage.add(this.#layer, this.#clip, this.#above);
    this.#time = new TimePainter(this.#layer);
    this.#lanes = new LanePainter(this.#clip, this.#above);
    this.#arrows = new ArrowPainter(this.#clip);
  }

  resize(width: number, height: number): void {
    this.#stage.size({ width, height });
    // Lanes that are scrolled out end at the ruler.
    const clip = { x: 0, y: rulerHeight, width, height: Math.max(height - rulerHeight, 0) };
    this.#clip.clip(clip);
    this.#above.clip(clip);
  }

  get width(): number {
    return this.#stage.width();
  }

  /** Draws at once: it is called in an animation frame. */
  paint(picture: Picture): FrameContents {
    const { width, height } = this.#stage.size();
    const { first, end } = rowsInView(picture.scrollTop, height - rulerHeight, picture.rows.lanes.length);
    this.#time.paint(picture, width, height);
    this.#lanes.paint(picture, first, end, width);
    this.#arrows.paint(picture, first, end, width);
    this.#layer.draw();
    this.#clip.draw();
    this.#above.draw();
    return { bars: this.#lanes.bars, arrowHeads: this.#arrows.heads };
  }

  [Symbol.dispose](): void {
    this.#stage.destroy();
  }
}
