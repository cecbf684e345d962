import { taskGroup } from "@cohort/node";

await taskGroup({ name: "awaited-by-the-module" }, (group) => {
  group.createTask(() => new Promise<void>(() => {}), { name: "stuck-member" });
});
