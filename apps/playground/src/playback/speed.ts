/** How fast a replay goes: so many times as fast as the run, or as fast as a whole run is pleasant to watch. */
export type Speed = "auto" | number;

export const speeds: readonly Speed[] = ["auto", 0.1, 0.5, 1, 4, 20, 100];

export function speedName(speed: Speed): string {
  return speed === "auto" ? "Auto" : `${speed}×`;
}

const shortest = 3000;
const longest = 8000;

/** Ms of the run to a ms of the replay. `length`: the run's, in ms. */
export function rateOf(speed: Speed, length: number): number {
  if (speed !== "auto") return speed;
  return length === 0 ? 1 : length / Math.min(Math.max(length, shortest), longest);
}
