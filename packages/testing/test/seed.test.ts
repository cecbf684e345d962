import { AsyncLocalStorage } from "node:async_hooks";
import { AsyncEvent, detach, runtime, sleep, taskGroup } from "@cohort/node";
import { useVirtualTime } from "@cohort/testing";
import { describe, expect, it } from "vitest";

const NAMES = ["a", "b", "c", "d", "e", "f", "g"];
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

/** In which order members start, and timers of one moment fire, under a seed. */
async function orderUnder(seed?: number): Promise<string> {
  await using _clock = useVirtualTime(runtime, { seed });
  const starts: string[] = [];
  const wakes: string[] = [];
  await taskGroup(({ createTask }) => {
    for (const name of NAMES)
      createTask(async ({ sleep }) => {
        starts.push(name);
        await sleep(10);
        wakes.push(name);
      });
  });
  return `${starts.join("")} ${wakes.join("")}`;
}

describe("the order of what could run at the same time", () => {
  it("is that of creation without a seed, each time", async () => {
    for (let n = 0; n < 3; n++) expect(await orderUnder()).toBe("abcdefg abcdefg");
  });

  it("is shuffled by a seed, in starting and in waking", async () => {
    const orders: string[] = [];
    for (const seed of seeds) orders.push(await orderUnder(seed));
    const starts = new Set(orders.map((order) => order.split(" ")[0]));
    const wakes = new Set(orders.map((order) => order.split(" ")[1]));
    expect(starts.size).toBeGreaterThan(15);
    expect(wakes.size).toBeGreaterThan(15);
    expect(orders.every((order) => order.split("").sort().join("") === " aabbccddeeffgg")).toBe(true);
  });

  it("is shuffled in small programs, too: two sleeps wake in both orders within ten seeds", async () => {
    const orders = new Set<string>();
    for (const seed of seeds.slice(0, 10)) {
      await using _clock = useVirtualTime(runtime, { seed });
      let order = "";
      await Promise.all(["a", "b"].map((name) => sleep(10).then(() => (order += name))));
      orders.add(order);
    }
    expect(orders).toEqual(new Set(["ab", "ba"]));
  });

  it("is shuffled across groups, among detached tasks and among those that an event wakes", async () => {
    const [groups, alone, woken] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const seed of seeds.slice(0, 10)) {
      await using _clock = useVirtualTime(runtime, { seed });
      let [inGroups, detached, byEvent] = ["", "", ""];
      const event = new AsyncEvent();
      await Promise.all([
        ...["a", "b"].map((name) => taskGroup(({ createTask }) => void createTask(() => void (inGroups += name)))),
        ...["a", "b"].map((name) => detach(() => void (detached += name))),
        taskGroup(async (group) => {
          for (const name of ["a", "b"])
            group.createTask((task) => event.wait(task).then(() => (byEvent += name)), { name });
          await group.sleep(1);
          event.set();
        }),
      ]);
      groups.add(inGroups);
      alone.add(detached);
      woken.add(byEvent);
    }
    expect([groups.size, alone.size, woken.size]).toEqual([2, 2, 2]);
  });

  it("is frozen by it: this very order under 1, on every machine", async () => {
    expect(await orderUnder(1)).toBe(await orderUnder(1));
    expect(await orderUnder(1)).toMatchInlineSnapshot(`"cbaefgd agbfcde"`);
  });

  it("is never bent where a clause says what it is: slots go to those who came first (LI-1)", async () => {
    for (const seed of seeds) {
      await using _clock = useVirtualTime(runtime, { seed });
      const batches: string[] = [];
      await taskGroup({ limit: 2 }, ({ createTask }) => {
        for (const name of ["a", "b", "c", "d", "e", "f"])
          createTask(async ({ sleep }) => {
            batches.push(name);
            await sleep(10);
          });
      });
      const pairs = [batches.slice(0, 2), batches.slice(2, 4), batches.slice(4)].map((pair) => pair.sort().join(""));
      expect(pairs).toEqual(["ab", "cd", "ef"]);
    }
  });

  it("a member that is cancelled in the very batch in which it was to start never runs (ME-2)", async () => {
    for (const seed of seeds) {
      await using _clock = useVirtualTime(runtime, { seed });
      const ran: string[] = [];
      await taskGroup(({ createTask, cancel }) => {
        for (const name of NAMES)
          createTask(() => {
            ran.push(name);
            cancel();
          });
      });
      expect(ran).toHaveLength(1);
    }
  });

  it("each member keeps the async context of its creation, in whatever order it starts (ME-14)", async () => {
    const storage = new AsyncLocalStorage<string>();
    for (const seed of seeds) {
      await using _clock = useVirtualTime(runtime, { seed });
      const seen: (string | undefined)[] = [];
      await taskGroup({ limit: 3 }, ({ createTask }) => {
        for (const name of NAMES) storage.run(name, () => createTask(() => void seen.push(name, storage.getStore())));
      });
      expect(seen.filter((_, index) => index % 2 === 0)).toEqual(seen.filter((_, index) => index % 2 === 1));
    }
  });
});
