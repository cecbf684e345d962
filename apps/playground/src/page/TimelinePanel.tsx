import { Legend } from "../timeline/Legend.tsx";
import { Timeline } from "../timeline/Timeline.tsx";
import { Icon } from "./icons.tsx";
import { ReplayControls } from "./ReplayControls.tsx";
import { RunControls } from "./RunControls.tsx";
import { RunState } from "./RunState.tsx";
import type { Workbench } from "./workbench.ts";

export function TimelinePanel({ bench }: { readonly bench: Workbench }) {
  const { view, playback } = bench;
  return (
    <section class="panel timeline" id="timeline" aria-label="Timeline" tabIndex={-1}>
      <RunControls bench={bench} />
      <div class="panel-head panel-head-middle">
        <RunState bench={bench} />
        <div class="tools" role="group" aria-label="Zoom">
          <button type="button" onClick={() => view.zoom(1 / 1.5)} title="Show more time">
            <Icon name="further" />
            <span class="visually-hidden">Zoom out</span>
          </button>
          <button type="button" onClick={() => view.zoom(1.5)} title="Show less time, closer">
            <Icon name="closer" />
            <span class="visually-hidden">Zoom in</span>
          </button>
          <button type="button" disabled={view.fits.value} onClick={() => view.fit()} title="Show the whole run">
            Fit
          </button>
        </div>
      </div>
      <div class="timeline-body">
        <Timeline view={view} head={playback.head} />
        <Empty bench={bench} />
      </div>
      <ReplayControls playback={playback} />
      <Legend />
      <p class="keys" id="timeline-keys">
        In the lanes: <kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>←</kbd> <kbd>→</kbd> fold and unfold, <kbd>+</kbd>{" "}
        <kbd>−</kbd> <kbd>0</kbd> zoom, <kbd>&lt;</kbd> <kbd>&gt;</kbd> pan
      </p>
    </section>
  );
}

function Empty({ bench }: { readonly bench: Workbench }) {
  const { kind } = bench.phase.value;
  if (bench.view.rows.value.lanes.length > 0) return null;
  if (kind === "refused") {
    return (
      <p class="timeline-empty">
        <strong>This program can’t be run</strong> The editor says why.
      </p>
    );
  }
  if (kind === "running" || kind === "cancelling") return <p class="timeline-empty">Starting…</p>;
  return (
    <p class="timeline-empty">
      <strong>{kind === "idle" ? "Nothing has run yet" : "No task was seen"}</strong>
      {kind === "idle" ? "Press Run to see its tasks here." : "The program ended without opening a task group."}
    </p>
  );
}
