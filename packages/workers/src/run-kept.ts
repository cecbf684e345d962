import type { Body, TaskGroup } from "@cohort/core";
import { taskGroup } from "./functions.ts";
import { keepAlive, type KeepsAlive } from "./keeps-alive.ts";

/**
 * Runs the body as a group that keeps its invocation alive until it has drained, and settles as the group does. The
 * invocation lasts as long as that, so nothing of it falls under the waitUntil budget.
 */
export async function runKept<T>(by: KeepsAlive, name: string, body: Body<TaskGroup, T>): Promise<T> {
  const letGo = keepAlive(by);
  try {
    return await taskGroup({ name }, body);
  } finally {
    letGo();
  }
}
