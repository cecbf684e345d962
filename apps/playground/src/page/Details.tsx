import type { ComponentChildren } from "preact";
import { ErrorTree } from "../errors/ErrorTree.tsx";
import { OutputPane } from "./OutputPane.tsx";
import { TaskDetails } from "./TaskDetails.tsx";
import type { Workbench } from "./workbench.ts";

/** What stands under the timeline: the errors, the selected lane, the output. */
export function Details({ bench: { view } }: { readonly bench: Workbench }) {
  const { errors, output, result } = view.timeline.value;
  return (
    <div class="details">
      <Pane title="Exceptions">
        {errors === undefined ? (
          <p class="empty">No error came out of the program.</p>
        ) : (
          <ErrorTree error={errors} selected={view.selected.value} onSelect={(lane) => view.reveal(lane)} />
        )}
      </Pane>
      <Pane title="Selected">
        <TaskDetails view={view} />
      </Pane>
      <Pane title="Output">
        <OutputPane output={output} result={result} />
      </Pane>
    </div>
  );
}

/** It can be scrolled by the keyboard, so it takes the focus. */
function Pane({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
      </div>
      <div class="pane" tabIndex={0} role="group" aria-label={title}>
        {children}
      </div>
    </section>
  );
}
