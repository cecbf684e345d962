import { expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)(
  "RT-5 without the library, work that is open at the response never ends, at $name",
  async (platform) => {
    await using upstream = await Upstream.start();
    await using worker = await Worker.start("control", platform, { UPSTREAM: upstream.url });
    expect(await worker.text("/left-open")).toBe("ok");
    expect(JSON.parse(await worker.text("/seen"))).toEqual(["began"]);
    expect(upstream.told).toEqual([]);
  },
);
