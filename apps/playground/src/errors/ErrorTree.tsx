import type { ErrorNode } from "../recording/timeline.ts";

interface ErrorTreeProperties {
  readonly error: ErrorNode;
  readonly selected: number | undefined;
  readonly onSelect: (lane: number) => void;
}

/** Groups of thousands of errors say how many more there are. */
const mostShown = 100;

/** What came out of the program, with the errors that each exception group holds under it. */
export function ErrorTree(properties: ErrorTreeProperties) {
  return (
    <ul class="error-tree">
      <Branch {...properties} />
    </ul>
  );
}

function Branch({ error, selected, onSelect }: ErrorTreeProperties) {
  const { lane, children, cause } = error;
  const more = children.length - mostShown;
  return (
    <li>
      {lane === undefined ? (
        <div class="error-line">
          <ErrorText error={error} />
        </div>
      ) : (
        <button
          type="button"
          class="error-line"
          aria-pressed={lane === selected}
          title={`${error.name}: ${error.text}\nShow the task that failed`}
          onClick={() => onSelect(lane)}
        >
          <ErrorText error={error} />
        </button>
      )}
      {children.length === 0 && cause === undefined ? null : (
        <ul>
          {children.slice(0, mostShown).map((child, n) => (
            <Branch key={n} error={child} selected={selected} onSelect={onSelect} />
          ))}
          {more > 0 ? <li class="error-more">and {more.toLocaleString("en")} more</li> : null}
          {cause === undefined ? null : (
            <>
              <li class="error-more">caused by</li>
              <Branch error={cause} selected={selected} onSelect={onSelect} />
            </>
          )}
        </ul>
      )}
    </li>
  );
}

function ErrorText({ error: { name, text } }: { readonly error: ErrorNode }) {
  return (
    <>
      <span class="error-name">{name}</span> <span class="error-text">{text}</span>
    </>
  );
}
