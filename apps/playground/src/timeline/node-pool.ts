import { Group } from "konva/lib/Group.js";
import type { Layer } from "konva/lib/Layer.js";
import type { Shape } from "konva/lib/Shape.js";

/**
 * Shapes of one kind, used again from frame to frame: what is drawn is only what is in view, so their number stays that
 * of a screenful however many tasks there are. Made anew in each frame they would be most of its garbage.
 */
export class NodePool<S extends Shape> {
  readonly #group = new Group({ listening: false });
  readonly #make: () => S;
  readonly #shapes: S[] = [];
  #used = 0;

  /** What it holds lies above what the layer's pools made before it hold. */
  constructor(layer: Layer, make: () => S) {
    layer.add(this.#group);
    this.#make = make;
  }

  /** How many are shown in this frame. */
  get used(): number {
    return this.#used;
  }

  begin(): void {
    this.#used = 0;
  }

  take(attributes: Readonly<Record<string, unknown>>): S {
    let shape = this.#shapes[this.#used];
    if (shape === undefined) {
      shape = this.#make();
      this.#shapes.push(shape);
      this.#group.add(shape);
    }
    this.#used++;
    // From frame to frame most stays as it was, and to set a text means to measure it.
    for (const [name, value] of Object.entries(attributes)) {
      if (shape.getAttr(name) !== value) shape.setAttr(name, value);
    }
    if (!shape.visible()) shape.visible(true);
    return shape;
  }

  end(): void {
    for (let n = this.#used; n < this.#shapes.length && this.#shapes[n]!.visible(); n++)
      this.#shapes[n]!.visible(false);
  }
}
