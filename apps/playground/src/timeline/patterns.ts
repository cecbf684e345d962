import type { LaneState } from "../recording/timeline.ts";

/** How a bar is filled in each state: as telling as its colour, for whoever doesn't see that. */
export type Pattern = "solid" | "dots" | "stripes" | "cross";

export const patternOf: Readonly<Record<LaneState, Pattern>> = {
  pending: "dots",
  running: "solid",
  draining: "stripes",
  done: "solid",
  failed: "cross",
  cancelled: "stripes",
  "dead-on-arrival": "dots",
};

const size = 8;

/** A tile of the pattern in this colour; it repeats without a seam. */
export function patternTile(pattern: Exclude<Pattern, "solid">, colour: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d")!;
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = 2.4;
  context.beginPath();
  if (pattern === "dots") {
    for (const [x, y] of [
      [2, 2],
      [6, 6],
    ] as const) {
      context.moveTo(x + 1, y);
      context.arc(x, y, 1, 0, 2 * Math.PI);
    }
    context.fill();
    return canvas;
  }
  // Drawn past the tile's corners, so that the lines go on in its neighbours.
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
    if (pattern === "cross") {
      context.moveTo(shift - 1, -1);
      context.lineTo(shift + size + 1, size + 1);
    }
  }
  context.stroke();
  return canvas;
}
