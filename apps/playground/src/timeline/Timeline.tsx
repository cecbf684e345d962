import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { theme } from "../theme/theme.ts";
import { TimelineCanvas } from "./canvas.ts";
import { Lanes } from "./Lanes.tsx";
import { handleKey } from "./keyboard.ts";
import { rowIdOf } from "./LaneRow.tsx";
import { palettes } from "./palette.ts";
import { rulerHeight } from "./picture.ts";
import { rowHeight } from "./rows.ts";
import { usePointer } from "./pointer.ts";
import type { TimelineView } from "./view.ts";

interface TimelineProperties {
  readonly view: TimelineView;
  /** Where a replay stands, in ms; `undefined`: at the end of all that is known. */
  readonly head: ReadonlySignal<number | undefined>;
}

/**
 * The lanes of a run. The canvas shows them, a tree grid over it says the same to a screen reader and takes the keyboard;
 * both hold the rows in view and no others, so that ten thousand tasks cost what thirty do.
 */
export function Timeline({ view, head }: TimelineProperties) {
  const grid = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<TimelineCanvas>(null);

  useLayoutEffect(() => {
    const drawn = new TimelineCanvas(host.current!);
    canvas.current = drawn;
    const measure = () => {
      const { clientWidth, clientHeight } = host.current!;
      drawn.resize(clientWidth, clientHeight);
      view.width.value = clientWidth;
      view.height.value = Math.max(clientHeight - rulerHeight, 1);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(host.current!);
    measure();
    return () => {
      observer.disconnect();
      drawn[Symbol.dispose]();
    };
  }, [view]);

  const rows = view.rows.value;
  const selected = view.selected.value;
  const picture = {
    rows,
    bundles: view.bundles.value,
    window: view.window.value,
    head: head.value,
    now: view.timeline.value.now,
    scrollTop: view.scrollTop.value,
    selected,
    palette: palettes[theme.value],
  };
  // Read here so that another size draws anew.
  const size = `${view.width.value}×${view.height.value}`;
  useLayoutEffect(() => {
    const contents = canvas.current!.paint(picture);
    host.current!.dataset["arrowHeads"] = String(contents.arrowHeads);
    host.current!.dataset["bars"] = String(contents.bars);
  });

  // What is selected by the keyboard or from the exception tree comes into view.
  const row = view.selectedRow;
  useEffect(() => {
    if (row !== undefined) grid.current!.scrollTop = view.scrollFor(row);
  }, [selected, row, size, view]);

  // Another run begins at its first lane.
  const isScrolled = view.scrollTop.value !== 0;
  useEffect(() => {
    if (!isScrolled) grid.current!.scrollTop = 0;
  }, [isScrolled]);

  usePointer(host, view);

  return (
    <div
      ref={grid}
      class="timeline-grid"
      role="treegrid"
      tabIndex={0}
      aria-label="Tasks"
      aria-describedby="timeline-keys"
      aria-rowcount={rows.lanes.length + 1}
      aria-colcount={2}
      aria-activedescendant={row === undefined ? undefined : rowIdOf(selected!)}
      onScroll={() => (view.scrollTop.value = grid.current!.scrollTop)}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (handleKey(event.key, view)) event.preventDefault();
      }}
    >
      <div
        class="timeline-length"
        role="presentation"
        style={{ height: `${rulerHeight + rows.lanes.length * rowHeight}px` }}
      >
        <div class="timeline-pane" role="presentation">
          <div ref={host} class="timeline-canvas" aria-hidden="true" />
          <Lanes view={view} />
        </div>
      </div>
    </div>
  );
}
