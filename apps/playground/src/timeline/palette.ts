import type { LaneState } from "../recording/timeline.ts";
import type { Theme } from "../theme/theme.ts";

/** The canvas's colours. Each has at least 3:1 against the surface, what is text 4.5:1. */
export interface Palette {
  readonly states: Readonly<Record<LaneState, string>>;
  readonly surface: string;
  readonly grid: string;
  readonly text: string;
  readonly muted: string;
  readonly selected: string;
  readonly arrow: string;
  readonly now: string;
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    states: {
      pending: "#6b7382",
      running: "#2f6bd8",
      draining: "#b45f06",
      done: "#1f7f45",
      failed: "#c0262d",
      cancelled: "#7a55b8",
      "dead-on-arrival": "#4d5563",
    },
    surface: "#ffffff",
    grid: "#e6e9ef",
    text: "#1b1f27",
    muted: "#586070",
    selected: "#e7effd",
    arrow: "#c0262d",
    now: "#8a93a3",
  },
  dark: {
    states: {
      pending: "#97a1b2",
      running: "#6fa5f7",
      draining: "#eeb15c",
      done: "#5dc98a",
      failed: "#ff7d76",
      cancelled: "#b79df0",
      "dead-on-arrival": "#b3bac6",
    },
    surface: "#16191f",
    grid: "#272c36",
    text: "#e7eaf0",
    muted: "#a3adbd",
    selected: "#22304a",
    arrow: "#ff7d76",
    now: "#667085",
  },
};
