import type { RunEvent, Timeline } from "../recording/timeline.ts";

/** What an event was, as a sentence: a step tells it to a screen reader and shows it. */
export function wordsOfEvent(event: RunEvent, { lanes }: Timeline): string {
  if (event.kind === "output") return `Output: ${event.text}`;
  if (event.kind === "finish") return `The program ${event.state === "done" ? "ended" : endings[event.state]}`;
  const name = `“${lanes.find(({ id }) => id === event.id)?.name ?? event.id}”`;
  switch (event.kind) {
    case "open":
      return `${name} opened`;
    case "create":
      return `${name} was created`;
    case "start":
      return `${name} started`;
    case "close":
      return event.state === "left" ? `${name} was left` : `${name} ${endings[event.state]}`;
    case "end":
      return `${name} ${endings[event.state]}`;
    case "cancel":
      return `${name} is cancelled: ${event.text}`;
    case "note":
      return `${name}: ${event.text}`;
  }
}

const endings = {
  done: "is done",
  failed: "failed",
  cancelled: "was cancelled",
  killed: "was killed",
} as const;
