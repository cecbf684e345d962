import type { Lane, LaneState } from "../recording/timeline.ts";

/**
 * The shape of each state, which tells it from the others without colour: paths in a box of 16 by 16, filled by the
 * even-odd rule. The canvas, the legend and the names' column draw the same ones.
 */
export const stateGlyphs: Readonly<Record<LaneState, string>> = {
  pending: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13ZM8 3.4a4.6 4.6 0 1 1 0 9.2a4.6 4.6 0 0 1 0-9.2Z",
  running: "M3.5 1.5L14.5 8L3.5 14.5Z",
  draining: "M3 1H13V3L9.4 8L13 13V15H3V13L6.6 8L3 3Z",
  done: "M8 1a7 7 0 1 0 0 14a7 7 0 0 0 0-14ZM6.9 11.6L3.6 8.3L4.9 7L6.9 9L11.1 4.7L12.4 6Z",
  failed:
    "M8 0.4L15.6 8L8 15.6L0.4 8ZM6.2 4.9L4.9 6.2L6.7 8L4.9 9.8L6.2 11.1L8 9.3L9.8 11.1L11.1 9.8L9.3 8L11.1 6.2L9.8 4.9L8 6.7Z",
  cancelled: "M2 2H14V14H2ZM4 5.2V12H10.8ZM5.2 4L12 10.8V4Z",
  "dead-on-arrival": "M0.8 1.8H15.2L8 15.2ZM4.2 3.8L8 10.9L11.8 3.8Z",
};

/** The mark of a note: a task that holds the others up, or a cancellation that was refused. */
export const noteGlyphs: Readonly<Record<Lane["notes"][number]["kind"], string>> = {
  straggler: "M8 1L15.5 14.5H0.5ZM7.1 5.8V10H8.9V5.8ZM7.1 11.2V13H8.9V11.2Z",
  "ignored-cancel": "M8 0.8L14 3V8C14 11.5 11.5 14 8 15.2C4.5 14 2 11.5 2 8V3ZM4.6 7V8.8H11.4V7Z",
  "dead-on-arrival": "M0.8 1.8H15.2L8 15.2ZM4.2 3.8L8 10.9L11.8 3.8Z",
};
