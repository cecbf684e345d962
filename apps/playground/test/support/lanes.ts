import type { Lane, Timeline } from "../../src/recording/timeline.ts";

/** The only lane with this name. Throws if there is none, or more than one. */
export function laneNamed({ lanes }: Timeline, name: string): Lane {
  const [lane, ...others] = lanes.filter((each) => each.name === name);
  if (lane === undefined || others.length > 0)
    throw new Error(`${others.length + (lane === undefined ? 0 : 1)} lanes are called "${name}"`);
  return lane;
}

/** The states of a lane and when it came to each: "running 0, draining 500, cancelled 1200". */
export function statesOf({ segments }: Lane): string {
  return segments.map(({ state, from }) => `${state} ${from}`).join(", ");
}

/** The arrows as names: "orders → friends at 600". */
export function arrowsOf({ lanes, arrows }: Timeline): string[] {
  const names = new Map(lanes.map(({ id, name }) => [id, name]));
  return arrows.map(({ from, to, at }) => `${names.get(from)} → ${names.get(to)} at ${at}`);
}

/** The most lanes of this kind that were in this state at the same time. */
export function mostAtOnce(lanes: readonly Lane[], state: string): number {
  const steps = lanes.flatMap(({ segments }) =>
    segments
      .filter((segment) => segment.state === state)
      .flatMap(({ from, to = Infinity }) => [[from, 1] as const, [to, -1] as const]),
  );
  // At the same moment one ends before another begins.
  steps.sort(([a, up], [b, down]) => a - b || up - down);
  let now = 0;
  return steps.reduce((most, [, by]) => Math.max(most, (now += by)), 0);
}
