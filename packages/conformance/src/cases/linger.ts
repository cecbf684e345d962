import type { TaskScope } from "@cohort/core";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";

/** A member that waits until it is cancelled, and whose cleanup then takes `ms`: `15 slow cleaned up` in the log. */
export function linger(
  trial: Trial,
  name: string,
  ms: number,
): (task: Pick<TaskScope, "signal" | "sleep">) => Promise<void> {
  return async (task) => {
    try {
      await trial.sleep(task, 1000);
    } finally {
      await pause(ms);
      trial.say(`${name} cleaned up`);
    }
  };
}
