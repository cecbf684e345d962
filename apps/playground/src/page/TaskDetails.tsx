import { Glyph } from "../timeline/Glyph.tsx";
import { cancellationOf } from "../timeline/lane-words.ts";
import { isFinal, shapeNames, spanOf, stateNames, stateOf } from "../timeline/lane-state.ts";
import { duration } from "../timeline/time-window.ts";
import type { TimelineView } from "../timeline/view.ts";

/** What is known of the selected lane. */
export function TaskDetails({ view }: { readonly view: TimelineView }) {
  const id = view.selected.value;
  const lane = id === undefined ? undefined : view.byId.value.get(id);
  if (lane === undefined) return <p class="empty">Select a lane to see what became of it.</p>;
  const state = stateOf(lane);
  const cancelled = cancellationOf(lane, view);
  return (
    <>
      <p class="task-title" title={lane.path.join(" › ")}>
        <Glyph state={state} />
        <strong>{lane.name}</strong>
      </p>
      <dl class="facts">
        <dt>Kind</dt>
        <dd>{shapeNames[lane.shape]}</dd>
        {lane.path.length > 1 ? (
          <>
            <dt>In</dt>
            <dd>{lane.path.slice(0, -1).join(" › ")}</dd>
          </>
        ) : null}
        <dt>State</dt>
        <dd>
          {stateNames[state]}, {spanOf(lane)}
        </dd>
        {lane.segments
          .filter(({ state }) => !isFinal(state))
          .map(({ state, from, to }) => (
            <>
              <dt class="facts-part">{stateNames[state]}</dt>
              <dd>{to === undefined ? `since ${duration(from)}` : `for ${duration(to - from)}`}</dd>
            </>
          ))}
        {cancelled === undefined ? null : (
          <>
            <dt>Cancelled</dt>
            <dd>
              {cancelled}: {view.cancelledBy.value.get(lane.id)!.text}
            </dd>
          </>
        )}
        {lane.outcome === undefined ? null : (
          <>
            <dt>{lane.outcome.isError ? "Error" : "Outcome"}</dt>
            <dd>{lane.outcome.text}</dd>
          </>
        )}
        {lane.notes.map(({ at, text }) => (
          <>
            <dt>At {duration(at)}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
    </>
  );
}
