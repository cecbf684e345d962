import { detach, runtime, taskGroup } from "@cohort/node";
import { drawTimeline, formatTrace, type TestClock, useVirtualTime } from "@cohort/testing";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

/** One page of three fails while another waits for its slot and the third has a cleanup. */
async function crawl(clock: TestClock): Promise<void> {
  await outcomeOf(
    taskGroup({ name: "crawl", limit: 2 }, (group) => {
      group.createTask(({ sleep }) => sleep(10), { name: "/" });
      group.createTask(
        async (task) => {
          try {
            await task.sleep(100);
          } finally {
            await task.shield((shield) => shield.sleep(5));
          }
        },
        { name: "/slow" },
      );
      const broken = group.createTask(
        async ({ sleep }) => {
          await sleep(20);
          clock.mark("about to fail");
          throw new Error("503");
        },
        { name: "/broken" },
      );
      group.createTask(() => {}, { name: "/never" });
      broken.cancel();
    }),
  );
}

describe("trace()", () => {
  it("says what happened, when and to whom", async () => {
    await using clock = useVirtualTime(runtime);
    await crawl(clock);
    expect(formatTrace(clock.trace())).toMatchInlineSnapshot(`
      " 0 ms  open             crawl
       0 ms  create           crawl > /
       0 ms  create           crawl > /slow
       0 ms  create           crawl > /broken
       0 ms  create           crawl > /never
       0 ms  ignored cancel   crawl > /broken
       0 ms  start            crawl > /
       0 ms  start            crawl > /slow
      10 ms  done             crawl > /
      10 ms  start            crawl > /broken
      30 ms  mark             about to fail
      30 ms  failed           crawl > /broken  Error: 503
      30 ms  cancel           crawl  AbortError: task "/broken" failed in TaskGroup "crawl"
      30 ms  cancelled        crawl > /never  AbortError: task "/broken" failed in TaskGroup "crawl"
      35 ms  cancelled        crawl > /slow  AbortError: task "/broken" failed in TaskGroup "crawl"
      35 ms  close            crawl  ExceptionGroup[Error: 503]"
    `);
  });

  it("is plain data, the same in every run", async () => {
    const traces: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      await using clock = useVirtualTime(runtime, { start: 1_000_000 });
      await crawl(clock);
      traces.push(JSON.parse(JSON.stringify(clock.trace())));
    }
    expect(traces[0]).toEqual(traces[1]);
    expect(traces[0]).toContainEqual({
      at: 30,
      event: "failed",
      path: ["crawl", "/broken"],
      id: 5,
      detail: "Error: 503",
    });
  });

  it("has detached tasks, dead arrivals, stragglers and reports in it", async () => {
    await using clock = useVirtualTime(runtime);
    await detach(async (task) => {
      await task.taskGroup({ name: "g", grace: 10 }, (group) => {
        group.createTask(() => task.sleep(20), { name: "deaf", eager: true });
        group.cancel();
        group.createTask(() => {}, { name: "late" });
      });
    });
    const events = clock.trace().map(({ at, event, path }) => `${at} ${event} ${path.join(" > ")}`);
    expect(events).toContain("0 dead on arrival Task-2 > g > late");
    expect(events).toContain("10 straggler Task-2 > g > deaf");
    expect(events).toContain("10 warning Task-2 > g > deaf");
    expect(events.at(-1)).toBe("20 done Task-2");
  });
});

describe("whatever is thrown", () => {
  it("an error that can't be printed breaks neither the trace nor the program", async () => {
    await using clock = useVirtualTime(runtime);
    const circular: Record<string, unknown> = { toJSON: () => JSON.stringify(circular) };
    circular["self"] = circular;
    const heard: string[] = [];
    const error = await outcomeOf(
      taskGroup((group) => {
        group.onCancel(() => {
          throw circular;
        });
        group.onCancel(() => heard.push("second"));
        group.createTask(() => Promise.reject(circular as never));
      }),
    );
    expect(error).toMatchObject({ errors: [circular] });
    expect(heard).toEqual(["second"]);
    expect(clock.takeReports()).toEqual([{ error: circular, tasks: [expect.anything()] }]);
    expect(clock.trace().every(({ detail = "" }) => !detail.includes("\n"))).toBe(true);
  });
});

describe("the timeline", () => {
  it("draws a line a task under its group, and a column a moment", async () => {
    await using clock = useVirtualTime(runtime);
    await crawl(clock);
    expect(`\n${clock.timeline()}\n`).toMatchInlineSnapshot(`
      "
      ms         0       10      30      35
      crawl      ├───────────────╳╌╌╌╌╌╌╌┤         ExceptionGroup[Error: 503]
        /        ├───────✓
        /slow    ├───────────────╳╌╌╌╌╌╌╌○
        /broken  ········├───────✗                 Error: 503
        /never   ················○
      "
    `);
  });

  it("keeps to its width, whatever the number of moments", async () => {
    await using clock = useVirtualTime(runtime);
    await taskGroup({ name: "many" }, ({ createTask }) => {
      for (let n = 0; n < 50; n++) createTask(({ sleep }) => sleep(1000 * n), { name: `t${n}` });
    });
    const lines = clock.timeline({ width: 40 }).split("\n");
    expect(lines).toHaveLength(52);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(48);
    expect(clock.timeline({ width: 1 }).split("\n")).toHaveLength(52);
  });

  it("doesn't say of shielded work that it drains, and takes any name", async () => {
    await using clock = useVirtualTime(runtime);
    await taskGroup({ name: "a > b" }, (group) => {
      group.createTask(
        (task) => task.shield((shield) => shield.taskGroup({ name: "kept" }, ({ sleep }) => sleep(20))),
        { name: "member", eager: true },
      );
      group.cancel();
    });
    const lines = clock.timeline().split("\n");
    expect(lines.map((line) => line.trim().split("  ")[0])).toEqual(["ms", "a > b", "member", "kept"]);
    expect(lines.map((line) => line.includes("╌"))).toEqual([false, true, true, false]);
  });

  it("of many events is drawn, too", () => {
    const event = { event: "start", path: ["t"], id: 1 } as const;
    const events = Array.from({ length: 200_000 }, (_, at) => ({ ...event, at }));
    expect(drawTimeline(events).split("\n")).toHaveLength(2);
    expect(formatTrace(events).split("\n")).toHaveLength(200_000);
  });

  it("tells two tasks of one name apart", async () => {
    await using clock = useVirtualTime(runtime);
    await taskGroup({ name: "twins" }, ({ createTask }) => {
      createTask(({ sleep }) => sleep(10), { name: "same" });
      createTask(({ sleep }) => sleep(20), { name: "same" });
    });
    const lines = clock.timeline().split("\n");
    expect(lines.filter((line) => line.trimStart().startsWith("same"))).toHaveLength(2);
  });

  it("of nothing is a line", () => {
    expect(drawTimeline([])).toBe("ms");
    expect(formatTrace([])).toBe("");
  });
});
