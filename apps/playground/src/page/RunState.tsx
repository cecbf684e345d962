import type { LaneState } from "../recording/timeline.ts";
import { Glyph } from "../timeline/Glyph.tsx";
import { duration } from "../timeline/time-window.ts";
import type { Phase, Workbench } from "./workbench.ts";

/** How the run goes, beside its mark. */
export function RunState({ bench }: { readonly bench: Workbench }) {
  const { lanes, now } = bench.view.timeline.value;
  const isReplay = bench.playback.position.value !== undefined;
  const replayed = bench.playback.isPlaying.value ? (["running", "Replay"] as const) : (["pending", "Paused"] as const);
  const [state, text] = isReplay ? replayed : stateOf(bench.phase.value);
  return (
    <p class="run-state" data-phase={bench.phase.value.kind}>
      <Glyph state={state} />
      <strong>{text}</strong>
      {lanes.length === 0 ? null : (
        <span class="empty">
          {isReplay ? "at " : ""}
          {duration(now)} · {lanes.length.toLocaleString("en")} {lanes.length === 1 ? "lane" : "lanes"}
        </span>
      )}
    </p>
  );
}

const endings = {
  done: ["done", "Done"],
  failed: ["failed", "Failed"],
  cancelled: ["cancelled", "Cancelled"],
  killed: ["dead-on-arrival", "Killed"],
} as const satisfies Record<string, readonly [LaneState, string]>;

function stateOf(phase: Phase): readonly [LaneState, string] {
  switch (phase.kind) {
    case "idle":
      return ["pending", "Ready"];
    case "running":
      return ["running", "Running"];
    case "cancelling":
      return ["draining", "Cancelling"];
    case "refused":
      return ["failed", "Not run"];
    case "ended":
      return endings[phase.ending];
  }
}
