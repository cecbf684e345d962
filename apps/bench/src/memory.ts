import { taskGroup } from "@cohort/node";

/** Bytes of heap per member that waits: of bare async functions, or of the same functions as members of a group. */
export async function pendingBytes(n: number, kind: "bare" | "cohort"): Promise<number> {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const work = async (): Promise<void> => {
    await gate;
  };
  let bytes = 0;
  if (kind === "bare") {
    const before = heap();
    const held = Array.from({ length: n }, work);
    await settled();
    bytes = heap() - before;
    release();
    await Promise.all(held);
  } else {
    await taskGroup(async (group) => {
      const before = heap();
      for (let i = 0; i < n; i++) group.createTask(work);
      await settled();
      bytes = heap() - before;
      release();
    });
  }
  return bytes / n;
}

/** Bytes that are held, once what isn't has been collected. */
export function heap(): number {
  if (globalThis.gc === undefined) throw new Error("needs node --expose-gc");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
