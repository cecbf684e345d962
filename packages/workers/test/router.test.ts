import { expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)(
  "RT-5 requestScope() keeps the same promises in somebody's own router, at $name",
  async (platform) => {
    await using upstream = await Upstream.start();
    await using worker = await Worker.start("router", platform, { UPSTREAM: upstream.url });
    expect(await worker.text("/left-open")).toBe("ok");
    await upstream.hears("cleaned up");
    await worker.leave("/proxy", 10);
    await upstream.until(() => upstream.aborted === 1 && upstream.open === 0);
    expect(await worker.text("/fails-late")).toBe("ok");
    await worker.logs("Cohort, in GET /fails-late > late: RangeError: late");
    expect(await worker.text("/joined")).toBe("done");
    expect(await worker.text("/closed")).toBe("closed");
    await worker.logs(/left without join\(\): cancelled GET \/closed > not needed/);
  },
);
