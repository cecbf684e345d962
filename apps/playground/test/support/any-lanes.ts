import fc from "fast-check";
import type { Lane } from "../../src/recording/timeline.ts";

/** Lanes nested at random, depth first, as a timeline gives them. */
export const anyLanes: fc.Arbitrary<readonly Lane[]> = fc.array(fc.nat(5), { maxLength: 40 }).map((depths) => {
  const above: Lane[] = [];
  return depths.map((wanted, id) => {
    above.length = Math.min(wanted, above.length);
    const parent = above.at(-1);
    const name = `lane ${id}`;
    const lane: Lane = {
      id,
      name,
      path: [...(parent?.path ?? []), name],
      shape: "task",
      parent: parent?.id,
      depth: above.length,
      segments: [{ state: "running", from: id, to: undefined }],
      notes: [],
    };
    above.push(lane);
    return lane;
  });
});

/** Some of the lanes that have members. */
export function foldedOf(lanes: readonly Lane[], picks: readonly number[]): ReadonlySet<number> {
  const parents = [...new Set(lanes.flatMap(({ parent }) => (parent === undefined ? [] : [parent])))];
  return new Set(parents.length === 0 ? [] : picks.map((pick) => parents[pick % parents.length] as number));
}
