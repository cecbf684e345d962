import { expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

const REQUESTS = 200;

it.each(platforms)(
  `RT-5 ${REQUESTS} concurrent requests with failing upstreams leave nothing open and don't mix, at $name`,
  { timeout: 60_000 },
  async (platform) => {
    await using upstream = await Upstream.start();
    await using worker = await Worker.start("gateway", platform, { UPSTREAM: upstream.url });
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, async (_, n) => {
        const response = await worker.fetch(`/?n=${n}`);
        return { n, status: response.status, text: await response.text() };
      }),
    );
    for (const { n, status, text } of answers) {
      if (n % 3 === 0) expect([status, text]).toEqual([500, expect.stringContaining(`GET /`)]);
      else expect([status, JSON.parse(text)]).toEqual([200, { n, found: ["/ok", "/ok", "/ok"] }]);
    }
    // Each failed request left two of its fetches, of which one hangs.
    await upstream.until(() => upstream.open === 0);
    expect(worker.log).not.toMatch(/different request|had hung|would never generate/);
  },
);
