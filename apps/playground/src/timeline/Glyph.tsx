import type { LaneState } from "../recording/timeline.ts";
import { stateGlyphs } from "./glyphs.ts";

/** A state's mark. What it means stands beside it in words: to a screen reader it is nothing. */
export function Glyph({ state }: { readonly state: LaneState }) {
  return (
    <svg class={`glyph state-${state}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
      <path d={stateGlyphs[state]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
