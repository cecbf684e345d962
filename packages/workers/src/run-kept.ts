import type { Body, TaskGroup } from "@cohort/core";
import { taskGroup } from "./functions.ts";
import { keepAlive, type KeepsAlive } from "./keeps-alive.ts";
import { guard } from "./own-request.ts";

/** Runs the body as a group that keeps its invocation alive until it has drained, and settles as the group does. */
export async function runKept<T>(by: KeepsAlive, name: string, body: Body<TaskGroup, T>): Promise<T> {
  const letGo = keepAlive(by);
  try {
    return await taskGroup({ name }, (group) => body(guard(group, group.signal)));
  } finally {
    letGo();
  }
}
