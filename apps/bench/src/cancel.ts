import { taskGroup } from "@cohort/node";
import { cpuNow } from "./clock.ts";

const HOUR = 3_600_000;

/** Ns of CPU per sleeper to cancel `n` sleepers and wait for their end: the group's own way. */
export async function cancelGroup(n: number): Promise<number> {
  let start = 0;
  await taskGroup(async (group) => {
    for (let i = 0; i < n; i++) group.createTask(async ({ sleep }) => sleep(HOUR));
    await started();
    start = cpuNow();
    group.cancel();
  });
  return (cpuNow() - start) / n;
}

/** The same by hand: the timers cleared, the promises rejected, everybody awaited. */
export async function cancelByHand(n: number): Promise<number> {
  const sleepers: { timer: NodeJS.Timeout; reject: (reason: unknown) => void }[] = [];
  const sleep = (): Promise<void> =>
    new Promise((resolve, reject) => {
      sleepers.push({ timer: setTimeout(resolve, HOUR), reject });
    });
  const members = Array.from({ length: n }, async () => sleep());
  const all = Promise.allSettled(members);
  await started();
  const reason = new Error("cancelled");
  const start = cpuNow();
  for (const { timer, reject } of sleepers) {
    clearTimeout(timer);
    reject(reason);
  }
  await all;
  return (cpuNow() - start) / n;
}

function started(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
