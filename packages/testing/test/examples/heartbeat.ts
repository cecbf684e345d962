import type { Scope } from "@cohort/universal";

/** The code under test: beats every 30 s for ever; after a failure it pauses, twice as long each time, up to a minute. */
export async function heartbeat(task: Scope, beat: () => Promise<void>): Promise<never> {
  let pause = 1000;
  for (;;) {
    await task.sleep(30_000);
    try {
      await beat();
      pause = 1000;
    } catch {
      await task.sleep(pause);
      pause = Math.min(2 * pause, 60_000);
    }
  }
}
