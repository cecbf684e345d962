import { expect, it } from "vitest";
import { Worker } from "./worker.ts";

it.each(["nodejs_als", "nodejs_compat"])("DX-3 currentTask() knows the task where the Worker has %s", async (flag) => {
  const platform = { name: flag, date: "2024-09-23", flags: [flag] };
  await using worker = await Worker.start("current", platform);
  expect(JSON.parse(await worker.text("/"))).toEqual([["GET /", "a"], ["GET /", "b"], null]);
});
