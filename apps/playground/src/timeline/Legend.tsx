import { useEffect, useRef } from "preact/hooks";
import type { LaneState } from "../recording/timeline.ts";
import { theme } from "../theme/theme.ts";
import { Glyph } from "./Glyph.tsx";
import { isFinal, laneStates, stateNames } from "./lane-state.ts";
import { palettes } from "./palette.ts";
import { patternOf, patternTile } from "./patterns.ts";

/** What each state looks like: its mark, and the pattern of its bar where it has one. */
export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {laneStates.map((state) => (
        <li key={state}>
          <Glyph state={state} />
          {isFinal(state) ? null : <Swatch state={state} />}
          {stateNames[state]}
        </li>
      ))}
      <li>
        <svg class="legend-arrow" viewBox="0 0 22 12" width="22" height="12" aria-hidden="true" focusable="false">
          <path d="M1 0V6H15" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d="M14 2.5L21 6L14 9.5Z" fill="currentColor" />
        </svg>
        cancelled by
      </li>
    </ul>
  );
}

function Swatch({ state }: { readonly state: LaneState }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = theme.value;
  useEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    const { width, height } = canvas.current!;
    const colour = palettes[shown].states[state];
    const pattern = patternOf[state];
    context.clearRect(0, 0, width, height);
    context.fillStyle = pattern === "solid" ? colour : context.createPattern(patternTile(pattern, colour), "repeat")!;
    context.fillRect(0, 0, width, height);
    context.strokeStyle = colour;
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
  }, [shown, state]);
  return <canvas ref={canvas} class="swatch" width="22" height="10" aria-hidden="true" />;
}
