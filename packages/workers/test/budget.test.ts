import { expect, it } from "vitest";
import { handler } from "@cohort/workers";
import { Budget } from "../src/budget.ts";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

it.each(platforms)(
  "RT-5 the waitUntil budget cancels in time for cleanups, and says so, at $name",
  async (platform) => {
    await using upstream = await Upstream.start();
    await using worker = await Worker.start("budget", platform, { UPSTREAM: upstream.url });
    expect((await worker.fetch("/after")).status).toBe(202);
    await upstream.hears("cleaned up after TimeoutError");
    const warning = "Cohort: the waitUntil budget of 400 ms is used up but for 300 ms of cleanup: cancelled";
    await worker.logs(`${warning} GET /after > endless`);
    expect(worker.log).not.toContain("TimeoutError");

    expect(await worker.text("/slow-body")).toBe("0");
    await worker.logs(`${warning} GET /slow-body > endless`);
    await upstream.until(() => upstream.told.length === 3);
    expect(upstream.told).toEqual(["cleaned up after TimeoutError", "sent", "cleaned up after TimeoutError"]);

    await worker.fetch("/deaf");
    await worker.logs(`${warning} GET /deaf > deaf`);
    // What ignores its cancellation is named before the platform ends it.
    await worker.logs(/GET \/deaf > deaf[^]*deaf/);
  },
);

it.each(platforms)("RT-5 a WebSocket goes on beyond the budget, until it is closed, at $name", async (platform) => {
  await using upstream = await Upstream.start();
  await using worker = await Worker.start("budget", platform, { UPSTREAM: upstream.url });
  const socket = new WebSocket(String(worker.at("/socket")));
  // The budget of this Worker cancels after 100 ms, and ends after 400.
  let ticks = 0;
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("message", () => void (++ticks === 6 && resolve()));
    socket.addEventListener("close", () => reject(new Error(`closed after ${ticks} ticks`)));
  });
  expect(upstream.told).toEqual([]);
  socket.close();
  await upstream.hears("the socket's work ended");
  expect(worker.log).toBe("");
});

it("RT-5 what is cancelled has time to clean up before it is called a straggler, however short the budget's is", () => {
  const graces = [{}, { cleanup: 0 }, { cleanup: 10 }, { budget: Infinity }].map(
    (options) => new Budget(options).grace,
  );
  expect(graces).toEqual([2500, 50, 50, 5000]);
});

it("RT-5 a budget that is none is refused where the handler is made", () => {
  expect(() => handler({}, { budget: -1 })).toThrow(RangeError);
  expect(() => handler({}, { budget: 10, cleanup: 11 })).toThrow(RangeError);
  expect(() => handler({}, { budget: "30s" as never })).toThrow(TypeError);
  expect(() => handler({}, { budget: Number.NaN })).toThrow(RangeError);
});
