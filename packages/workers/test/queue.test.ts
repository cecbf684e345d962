import { expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)("RT-5 a message that fails is retried alone, and reported by its id, at $name", async (platform) => {
  await using upstream = await Upstream.start();
  await using worker = await Worker.start(
    "queue",
    platform,
    { UPSTREAM: upstream.url },
    {
      queueProducers: { JOBS: "jobs" },
      queueConsumers: { jobs: { maxBatchSize: 4, maxBatchTimeout: 1, maxRetries: 3, retryDelay: 0 } },
    },
  );
  await worker.text("/send");
  await upstream.hears("broken 2");
  expect(upstream.told.toSorted()).toEqual(["a 1", "b 1", "broken 2", "c 1"]);
  await worker.logs(/Cohort, in queue jobs > messages > message \w+: RangeError: not yet/);
  expect(await worker.text("/most")).toBe("2");
});

it.each(platforms)(
  "RT-5 messages that weren't begun when the group was cancelled come again, at $name",
  async (platform) => {
    await using upstream = await Upstream.start();
    await using worker = await Worker.start(
      "queue-cancelled",
      platform,
      { UPSTREAM: upstream.url },
      {
        queueProducers: { JOBS: "jobs" },
        queueConsumers: { jobs: { maxBatchSize: 3, maxBatchTimeout: 1, maxRetries: 3, retryDelay: 0 } },
      },
    );
    await worker.text("/send");
    for (const message of ["a", "b", "c"]) await upstream.hears(`did ${message}`);
  },
);
