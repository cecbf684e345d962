import { expect, it } from "vitest";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)("RT-5 a group refuses members from another request, at $name", async (platform) => {
  await using worker = await Worker.start("strangers", platform);
  const keeping = worker.text("/keep");
  while ((await worker.text("/is-kept")) !== "true");
  expect(JSON.parse(await worker.text("/use"))).toEqual([
    true,
    expect.stringContaining('TaskGroup "GET /keep" belongs to another request'),
  ]);
  expect(await keeping).toBe("kept");
  // And when that request is over.
  expect(JSON.parse(await worker.text("/use"))).toEqual([true, expect.stringContaining('TaskGroup "GET /keep"')]);
});
