import { expect, it } from "vitest";
import { type Platform, platforms, Worker } from "./worker.ts";

const [old, recent] = platforms as [Platform, Platform];
/** What is needed of the platform: a promise that another request resolves goes on in its own. On from 2024-10-14. */
const FLAG = "handle_cross_request_promise_resolution";

it.each([recent, { ...old, name: `${old.name} ${FLAG}`, flags: [FLAG] }])(
  "RT-5 a Semaphore at module scope limits all requests together, at $name",
  async (platform) => {
    await using worker = await Worker.start("semaphore", platform);
    const paths = Array.from({ length: 20 }, (_, n) => (n % 4 === 0 ? "/mutex" : `/${n}`));
    expect(await Promise.all(paths.map((path) => worker.text(path)))).toEqual(paths);
    expect(JSON.parse(await worker.text("/most"))).toEqual({
      most: expect.toSatisfy((n) => n <= 3),
      free: 2,
      waiting: 0,
    });
    expect(worker.log).not.toMatch(/hung|different request/);
  },
);

it("RT-5 without the timer that a wait holds, workerd ends who waits for another request", async () => {
  await using worker = await Worker.start("semaphore", recent, { UNHELD: "1" });
  const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => worker.text(`/${n}`)));
  expect(answers.join("\n")).toContain("your Worker's code had hung");
});

it(`RT-5 without ${FLAG} it can't: who waits goes on in the request that gave the permit back`, async () => {
  await using worker = await Worker.start("semaphore", old);
  const answers = await Promise.allSettled(
    Array.from({ length: 6 }, (_, n) => worker.fetch(`/${n}`, { signal: AbortSignal.timeout(2000) })),
  );
  const answered = answers.filter((answer) => answer.status === "fulfilled" && answer.value.status === 200);
  expect(answered.length).toBeLessThan(6);
});
