import { expect, it } from "vitest";
import { platforms, Worker } from "./worker.ts";

const USES = "/createTask /gather /map /taskGroup /openTaskGroup /moveOnAfter /sleep /cancel /parent".split(" ");

it.each(platforms)("RT-5 a group refuses whatever comes from another request, at $name", async (platform) => {
  await using worker = await Worker.start("strangers", platform);
  const refused = [true, expect.stringContaining('TaskGroup "GET /keep" belongs to another request')];
  const keeping = worker.text("/keep");
  while ((await worker.text("/is-kept")) !== "true");
  for (const use of USES) expect([use, ...JSON.parse(await worker.text(use))]).toEqual([use, ...refused]);
  expect(await keeping).toBe("kept");
  // And when that request is over.
  for (const use of USES) expect([use, ...JSON.parse(await worker.text(use))]).toEqual([use, ...refused]);
});

it.each(platforms)("RT-5 a group at module scope refuses requests, at $name", async (platform) => {
  await using worker = await Worker.start("strangers", platform);
  const keeping = worker.text("/keep");
  while ((await worker.text("/is-kept")) !== "true");
  const refused = [true, expect.stringContaining('TaskGroup "module" was opened outside of any request')];
  expect(JSON.parse(await worker.text("/module"))).toEqual(refused);
  await keeping;
});
