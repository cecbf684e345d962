import type { BackgroundTasks, Cancellable, Restart, TaskInfo, TaskScope } from "@cohort/core";
import { virtualRuntime } from "../virtual-runtime.ts";

export const boom: Error = new Error("boom");
export const ignore = (): void => {};
export const forEver = ({ sleep }: TaskScope): Promise<void> => sleep(Infinity);

/** Lets run what can run without a timer. */
export async function soon(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve();
}

/** A runtime for sets of background tasks, and what their handlers were told, and when. */
export function services(options: Cancellable = {}) {
  const host = virtualRuntime();
  const told: [error: unknown, name: string, at: number][] = [];
  const onError = (error: unknown, { name }: TaskInfo): void => void told.push([error, name, host.now()]);

  /** Adds a service and keeps the moments at which it was run. By default it fails at once. */
  const startsOf = (
    set: BackgroundTasks,
    restart: Restart,
    work: (task: TaskScope, run: number) => unknown = () => Promise.reject(boom),
  ) => {
    const starts: number[] = [];
    const task = set.add((scope) => work(scope, starts.push(host.now())), { name: "service", onError, restart });
    return { starts, held: { task } };
  };

  return { ...host, open: () => host.openBackgroundTasks(options), told, onError, startsOf };
}
