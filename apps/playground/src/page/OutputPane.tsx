import { useEffect, useRef } from "preact/hooks";
import type { Timeline } from "../recording/timeline.ts";
import { duration } from "../timeline/time-window.ts";

/** A program may print without end. */
const mostShown = 300;

/** What the program printed and returned. */
export function OutputPane({ output, result }: Pick<Timeline, "output" | "result">) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const pane = list.current?.parentElement;
    if (pane) pane.scrollTop = pane.scrollHeight;
  }, [output]);
  if (output.length === 0 && result === undefined) {
    return <p class="empty">What the program prints and returns comes here.</p>;
  }
  const hidden = Math.max(output.length - mostShown, 0);
  return (
    <>
      {hidden > 0 ? <p class="empty">{hidden.toLocaleString("en")} earlier lines aren’t shown.</p> : null}
      <ol ref={list} class="output">
        {output.slice(hidden).map(({ at, text, level }, n) => (
          <li key={hidden + n} class={`output-${level}`}>
            <span class="output-time">{duration(at)}</span>
            {level === "log" ? null : <span class="output-level">{level === "warn" ? "warning" : level}</span>}
            <span class="output-text">{text}</span>
          </li>
        ))}
      </ol>
      {result === undefined ? null : (
        <p class="result">
          <span class="output-time">returned</span> <code>{result}</code>
        </p>
      )}
    </>
  );
}
