import { expect, it } from "vitest";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)("CA-12 a listener that throws keeps nobody from being cancelled, at $name", async (platform) => {
  await using worker = await Worker.start("listeners", platform);
  expect(JSON.parse(await worker.text("/"))).toEqual(["a", "b", "c"]);
  await worker.logs("RangeError: from a listener");
});
