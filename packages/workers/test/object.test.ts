import { expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

// Objects are called by RPC from 2024-04-03 on; what is older has the flag.
it.each(platforms)(
  "RT-5 a Durable Object's groups drain, and its failed alarm comes again, at $name",
  async (platform) => {
    await using upstream = await Upstream.start();
    const flags = platform.date < "2024-04-03" ? [...platform.flags, "rpc"] : platform.flags;
    const durableObjects = { ROOM: { className: "Room", useSQLite: true } };
    await using worker = await Worker.start(
      "object",
      { ...platform, flags },
      { UPSTREAM: upstream.url },
      { durableObjects },
    );
    expect(await worker.text("/")).toBe("from the object");
    await upstream.hears("the object cleaned up");
    expect(await worker.text("/count")).toBe("3");
    await worker.text("/wake");
    await upstream.hears("alarm 2 in alarm > compact");
  },
);
