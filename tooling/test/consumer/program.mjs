import assert from "node:assert/strict";
import { ExceptionGroup, taskGroup } from "@cohort/node";

const tasks = await taskGroup({ name: "consumer", limit: 2, timeout: 5000 }, (group) =>
  [1, 2, 3].map((n) =>
    group.createTask(
      async ({ sleep }) => {
        await sleep(n);
        return n * 2;
      },
      { name: `double ${n}` },
    ),
  ),
);
assert.deepEqual(
  tasks.map((task) => task.result()),
  [2, 4, 6],
);

await assert.rejects(
  taskGroup((group) => {
    group.createTask(() => Promise.reject(new RangeError("no")));
    group.createTask(({ sleep }) => sleep(60_000));
  }),
  (error) => error instanceof ExceptionGroup && error.errors.length === 1 && error.errors[0] instanceof RangeError,
);
