import type { Workbench } from "./workbench.ts";
import { Icon } from "./icons.tsx";

const modes = [
  { mode: "real", name: "Real", title: "With the browser’s own timers and fetch" },
  { mode: "virtual", name: "Virtual", title: "Time advances at once when every task waits: the same run each time" },
] as const;

const shareWords = { no: "Copy link", copied: "Copied", "too-long": "Too long for a link" } as const;

/** Starts and stops a program. */
export function RunControls({ bench }: { readonly bench: Workbench }) {
  const { phase, mode } = bench;
  const { kind } = phase.value;
  const isBusy = kind === "running" || kind === "cancelling";
  return (
    <div class="run-controls" role="group" aria-label="Run">
      <button
        type="button"
        class="primary"
        aria-disabled={isBusy}
        onClick={() => void bench.run()}
        title="Ctrl or ⌘ with Enter"
      >
        <Icon name="run" />
        <span>Run</span>
      </button>
      <button type="button" disabled={kind !== "running"} onClick={() => bench.cancel()}>
        <Icon name="cancel" />
        <span>{kind === "cancelling" ? "Cancelling…" : "Cancel"}</span>
      </button>
      {kind === "cancelling" && phase.value.canKill ? (
        <button
          type="button"
          class="danger"
          onClick={() => bench.kill()}
          title="End the program’s worker; its cleanups don’t run"
        >
          <Icon name="kill" />
          <span>Kill</span>
        </button>
      ) : null}
      <fieldset class="modes" disabled={isBusy}>
        <legend class="visually-hidden">Clock</legend>
        {modes.map((choice) => (
          <label key={choice.mode} title={choice.title}>
            <input
              type="radio"
              name="mode"
              value={choice.mode}
              aria-label={`${choice.name} time`}
              checked={mode.value === choice.mode}
              onChange={() => (mode.value = choice.mode)}
            />
            <span>
              {choice.name}
              <span class="if-wide"> time</span>
            </span>
          </label>
        ))}
      </fieldset>
      <button type="button" class="share" onClick={() => void bench.share()}>
        <Icon name="link" />
        <span>{shareWords[bench.shared.value]}</span>
      </button>
    </div>
  );
}
