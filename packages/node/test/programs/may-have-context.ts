import { adapter, sleep, taskGroup } from "@cohort/node";

// Nothing that a program without async context does makes its members dearer.
const say = (what: string): void => console.log(`${what}: ${adapter.mayHaveContext?.()}`);

say("at the start");
await taskGroup({ limit: 2, timeout: 10_000 }, async (group) => {
  for (let i = 0; i < 3; i++) group.createTask(({ signal }) => sleep(1, signal));
});
say("after a group");
const { AsyncLocalStorage } = await import("node:async_hooks");
say("with AsyncLocalStorage");

const storage = new AsyncLocalStorage<number>();
const seen: unknown[] = [];
await taskGroup({ limit: 1 }, (group) => {
  group.createTask(() => seen.push(storage.getStore()));
  for (const n of [1, 2, 3]) storage.run(n, () => group.createTask(() => seen.push(storage.getStore())));
});
console.log(seen.join(" "));
