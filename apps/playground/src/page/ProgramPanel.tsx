import { Editor } from "../editor/Editor.tsx";
import { programs } from "../programs/programs.ts";
import type { Workbench } from "./workbench.ts";

/** Picks a program, says what it shows, and lets it be edited. */
export function ProgramPanel({ bench }: { readonly bench: Workbench }) {
  const program = bench.program.value;
  const { kind } = bench.phase.value;
  const isEdited = bench.isEdited.value;
  return (
    <section class="panel" aria-label="Program">
      <div class="panel-head">
        <label class="program-pick">
          <span class="field-name">Program</span>
          <select value={program?.id ?? ""} onChange={({ currentTarget: { value } }) => bench.pick(value)}>
            {program === undefined ? <option value="">From a link</option> : null}
            {programs.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <button type="button" disabled={!isEdited} onClick={() => bench.revert()} title="Take back all edits">
          Revert
        </button>
      </div>
      {bench.notice.value === undefined ? null : <p class="notice">{bench.notice.value}</p>}
      {bench.hasServer.value || program?.needsServer === false ? null : (
        <p class="hint">
          {bench.mode.value === "virtual"
            ? "This host has no server for the programs’ requests: virtual time answers them."
            : "This host has no server for the programs’ requests: in real time they fail. Virtual time answers them."}
        </p>
      )}
      {program === undefined ? null : (
        <div class="program-about">
          <p>{program.description}</p>
          <p class="look">
            <strong>Look for:</strong> {program.lookFor}
          </p>
        </div>
      )}
      <Editor
        source={bench.source.value}
        problem={kind === "refused" ? bench.phase.value.problem : undefined}
        onChange={(source) => bench.edit(source)}
        onRun={() => void bench.run()}
      />
    </section>
  );
}
