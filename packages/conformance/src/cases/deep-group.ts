import type { BaseExceptionGroup } from "@cohort/core";
import type { Surface } from "../surface.ts";

/** A group in a group, so many levels deep, with one leaf at the end. */
export function deepGroup({ ExceptionGroup }: Surface, leaf: unknown, depth: number): BaseExceptionGroup {
  let group: BaseExceptionGroup = new ExceptionGroup("0", [leaf]);
  for (let level = 1; level < depth; level++) group = new ExceptionGroup(`${level}`, [group]);
  return group;
}
