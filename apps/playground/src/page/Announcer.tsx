import { signal } from "@preact/signals";

const said = signal("");
const alerted = signal("");

/** Tells a screen reader when it next pauses: how a run goes, what a step showed. */
export function announce(text: string): void {
  said.value = text;
}

/** Tells a screen reader at once: what failed. An empty text takes the last one back. */
export function alertTo(text: string): void {
  alerted.value = text;
}

/** The page's live regions. They're there from the start: one that comes with its text isn't read. */
export function Announcer() {
  return (
    <div class="visually-hidden">
      <p role="status">{said.value}</p>
      <p role="alert">{alerted.value}</p>
    </div>
  );
}
