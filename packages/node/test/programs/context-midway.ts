import { adapter, taskGroup } from "@cohort/node";

// The first store comes to be while members wait for their start, in one turn with them.
const seen: string[] = [];
await taskGroup({ limit: 1 }, (group) => {
  group.createTask(() => seen.push("before"));
  const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
  const storage = new AsyncLocalStorage<number>();
  const see = (): unknown => seen.push(`${storage.getStore()}`);
  storage.run(1, () => group.createTask(see));
  storage.run(2, () => group.createTask(see));
  storage.run(3, () => group.createTask(see, { background: true }));
  group.createTask(see);
});
console.log(seen.join(" "), adapter.mayHaveContext?.());
