import { memo } from "preact/compat";
import type { Lane } from "../recording/timeline.ts";
import { Glyph } from "./Glyph.tsx";
import { shapeNames, stateNames, stateOf } from "./lane-state.ts";
import { rowHeight } from "./rows.ts";

interface LaneRowProperties {
  readonly lane: Lane;
  readonly row: number;
  /** What the canvas shows of it, in words. */
  readonly words: string;
  /** `undefined`: has no members. */
  readonly isUnfolded: boolean | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (id: number) => void;
  readonly onFold: (id: number, isFolded: boolean) => void;
}

/** The id of a lane's row in the document. */
export function rowIdOf(lane: number): string {
  return `lane-${lane}`;
}

/** Deep nests are indented no further than this: the name needs the room. */
const deepest = 6;

/** A row of the tree grid: the name's column is seen, the words lie under the canvas for a screen reader. */
export const LaneRow = memo(function LaneRow(properties: LaneRowProperties) {
  const { lane, row, words, isUnfolded, isSelected, onSelect, onFold } = properties;
  const state = stateOf(lane);
  return (
    <div
      id={rowIdOf(lane.id)}
      class={`lane shape-${lane.shape}${isSelected ? " is-selected" : ""}`}
      role="row"
      aria-level={lane.depth + 1}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      aria-expanded={isUnfolded}
      data-lane={lane.name}
      data-state={state}
      style={{ height: `${rowHeight}px`, top: `${row * rowHeight}px` }}
      onClick={() => onSelect(lane.id)}
    >
      <div
        class="lane-name"
        role="rowheader"
        title={lane.path.join(" › ")}
        style={{ "--depth": Math.min(lane.depth, deepest) }}
      >
        <span
          class={`fold${isUnfolded === undefined ? "" : isUnfolded ? " is-open" : " is-closed"}`}
          aria-hidden="true"
          onClick={(event) => {
            if (isUnfolded === undefined) return;
            event.stopPropagation();
            onFold(lane.id, isUnfolded);
          }}
        />
        <Glyph state={state} />
        <span class="lane-text">{lane.name}</span>
        {lane.shape === "task" ? null : <span class="visually-hidden">, {shapeNames[lane.shape]}</span>}
      </div>
      <div class="lane-words" role="gridcell">
        <span class="visually-hidden">
          {stateNames[state]}, {words}
        </span>
      </div>
    </div>
  );
});
