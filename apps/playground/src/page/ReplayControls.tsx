import { wordsOfEvent } from "../playback/event-words.ts";
import type { Playback } from "../playback/playback.ts";
import { speedName, speeds } from "../playback/speed.ts";
import { duration } from "../timeline/time-window.ts";
import { announce } from "./Announcer.tsx";
import { Icon } from "./icons.tsx";

/** Looks at a run again: by event, by time, or at any moment of it. */
export function ReplayControls({ playback }: { readonly playback: Playback }) {
  const count = playback.count.value;
  const position = playback.position.value;
  const length = playback.length.value;
  const index = position?.index ?? count;
  const at = position?.at ?? length;
  const isPlaying = playback.isPlaying.value;
  const isEmpty = count === 0;

  // A button that is disabled while it has the focus loses it: these say that they do nothing, and do nothing.
  const step = (by: 1 | -1) => {
    if (isEmpty) return;
    const event = playback.step(by);
    const where = `Event ${playback.position.value!.index} of ${count}`;
    announce(
      event === undefined
        ? `${where}: nothing has happened yet`
        : `${where}, at ${duration(event.at)}: ${wordsOfEvent(event, playback.timeline.value)}`,
    );
  };

  return (
    <div class="replay" role="group" aria-label="Replay">
      <button type="button" aria-disabled={isEmpty || index === 0} onClick={() => step(-1)} title="One event back">
        <Icon name="back" />
        <span class="visually-hidden">Step back</span>
      </button>
      <button
        type="button"
        aria-disabled={isEmpty || (index === count && !isPlaying)}
        onClick={() => step(1)}
        title="To the next event"
      >
        <Icon name="forward" />
        <span>Step</span>
      </button>
      {isPlaying ? (
        <button type="button" onClick={() => playback.pause()}>
          <Icon name="pause" />
          <span>Pause</span>
        </button>
      ) : (
        <button type="button" disabled={isEmpty} onClick={() => playback.play()}>
          <Icon name="replay" />
          <span>Replay</span>
        </button>
      )}
      <input
        class="scrubber"
        type="range"
        aria-label="Moment of the run"
        aria-valuetext={`${duration(at)} of ${duration(length)}`}
        disabled={isEmpty}
        min={0}
        max={Math.max(length, 1)}
        step={Math.max(length, 1) / 500}
        value={at}
        onInput={({ currentTarget }) => playback.seek(Number(currentTarget.value))}
      />
      <span class="moment">{isEmpty ? "–" : duration(at)}</span>
      <label class="field">
        <span class="field-name">Speed</span>
        <select
          value={String(playback.speed.value)}
          onChange={({ currentTarget: { value } }) => {
            playback.speed.value = speeds.find((speed) => String(speed) === value) ?? "auto";
          }}
        >
          {speeds.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speedName(speed)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
