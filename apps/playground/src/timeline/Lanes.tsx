import { useCallback } from "preact/hooks";
import { LaneRow } from "./LaneRow.tsx";
import { wordsOf } from "./lane-words.ts";
import { rulerHeight } from "./picture.ts";
import { rowsInView } from "./rows.ts";
import type { TimelineView } from "./view.ts";

/** The rows in view, and the selected one wherever it is: what has the focus may not leave the document. */
export function Lanes({ view }: { readonly view: TimelineView }) {
  const { lanes, parents } = view.rows.value;
  const folded = view.folded.value;
  const scrollTop = view.scrollTop.value;
  const { first, end } = rowsInView(scrollTop, view.height.value, lanes.length);
  const selectedRow = view.selectedRow;
  const onSelect = useCallback((id: number) => (view.selected.value = id), [view]);
  const onFold = useCallback((id: number, isFolded: boolean) => view.fold(id, isFolded), [view]);

  const shown: number[] = [];
  for (let row = first; row < end; row++) shown.push(row);
  if (selectedRow !== undefined && (selectedRow < first || selectedRow >= end)) shown.push(selectedRow);

  return (
    <>
      <div class="timeline-head" role="row" aria-rowindex={1} style={{ height: `${rulerHeight}px` }}>
        <div role="columnheader" class="timeline-column">
          Task
        </div>
        <div role="columnheader">
          <span class="visually-hidden">State and time</span>
        </div>
      </div>
      <div class="timeline-clip" role="presentation" style={{ top: `${rulerHeight}px` }}>
        <div role="presentation" class="timeline-rows" style={{ transform: `translateY(${-scrollTop}px)` }}>
          {shown.map((row) => {
            const lane = lanes[row]!;
            return (
              <LaneRow
                key={lane.id}
                lane={lane}
                row={row}
                words={wordsOf(lane, view)}
                isUnfolded={parents.has(lane.id) ? !folded.has(lane.id) : undefined}
                isSelected={row === selectedRow}
                onSelect={onSelect}
                onFold={onFold}
              />
            );
          })}
        </div>
      </div>
    </>
  );
}
