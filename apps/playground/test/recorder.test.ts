import { describe, expect, test } from "vitest";
import type { RunEvent } from "../src/recording/event.ts";
import { type Timeline, timelineOf } from "../src/recording/timeline.ts";
import { arrowsOf, laneNamed, statesOf } from "./support/lanes.ts";
import { record } from "./support/record.ts";

/** Records a program that has this body, and whatever the library exports at hand. */
async function timelineOfBody(body: string): Promise<Timeline> {
  return timelineOf(await record(programOf(body)));
}

function programOf(body: string): string {
  return `import * as cohort from "@cohort/browser";\nexport default async function main(group) {\n${body}\n}`;
}

describe("what instruments tell", () => {
  test("of a member that throws undefined names it as what cancelled the others", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g" }, (g) => {
        g.createTask(async ({ sleep }) => { await sleep(10); throw undefined; }, { name: "bad" });
        g.createTask(({ sleep }) => sleep(99), { name: "other" });
      });`);
    expect(arrowsOf(timeline).slice(0, 2)).toEqual(["bad → g at 10", "bad → other at 10"]);
    expect(timeline.errors?.children[0]?.children).toEqual([
      { name: "undefined", text: "undefined", lane: laneNamed(timeline, "bad").id, children: [] },
    ]);
  });

  test("of a failing body names the group itself", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g" }, async (g) => {
        g.createTask(({ sleep }) => sleep(99), { name: "member" });
        await g.sleep(10);
        throw new Error("body");
      });`);
    expect(arrowsOf(timeline)[0]).toBe("g → member at 10");
    expect(statesOf(laneNamed(timeline, "g"))).toBe("running 0, failed 10");
  });

  test("of group.cancel() shows no failure", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g" }, async (g) => {
        g.createTask(({ sleep }) => sleep(99), { name: "member" });
        await g.sleep(10);
        g.cancel("enough");
      });`);
    expect(timeline.ending).toBe("done");
    expect(statesOf(laneNamed(timeline, "g"))).toBe("running 0, done 10");
    expect(laneNamed(timeline, "member")).toMatchObject({
      outcome: { isError: false, text: expect.stringContaining("enough") },
    });
  });

  test("of a cancellation whose reason can't be read is all there", async () => {
    const timeline = await timelineOfBody(`
      const reason = new cohort.CancelledError("stop", { cause: new Error("why") });
      Object.defineProperty(reason, "message", { get() { throw new Error("not to be read"); } });
      Object.defineProperty(reason, "cause", { get() { throw new Error("nor this"); } });
      const stop = new AbortController();
      await group.taskGroup({ name: "g", signal: stop.signal }, async (g) => {
        g.createTask(({ sleep }) => sleep(99), { name: "member" });
        await g.sleep(10);
        stop.abort(reason);
      }).catch(() => {});`);
    expect(timeline.output).toEqual([]);
    expect(statesOf(laneNamed(timeline, "member"))).toBe("running 0, cancelled 10");
    expect(statesOf(laneNamed(timeline, "g"))).toBe("running 0, cancelled 10");
  });

  test("of a group's own timeout says so", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g", timeout: 50 }, (g) => {
        g.createTask(({ sleep }) => sleep(99), { name: "member" });
      });`);
    expect(arrowsOf(timeline)[0]).toBe("g → member at 50");
    expect(laneNamed(timeline, "g")).toMatchObject({
      outcome: { isError: true, text: expect.stringContaining("50 ms") },
    });
    expect(timeline.errors?.children).toMatchObject([{ name: "TimeoutError", lane: laneNamed(timeline, "g").id }]);
  });

  test("of a task that is created too late shows it dead on arrival", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g" }, (g) => {
        g.cancel();
        g.createTask(() => {}, { name: "late" });
      });`);
    expect(statesOf(laneNamed(timeline, "late"))).toBe("dead-on-arrival 0");
    expect(laneNamed(timeline, "late").notes).toMatchObject([{ kind: "dead-on-arrival" }]);
  });

  test("of a deadline that holds groups gives it a lane from the first to the last of them, and again later", async () => {
    const timeline = await timelineOfBody(`
      await cohort.failAfter(500, async (deadline) => {
        await deadline.sleep(10);
        await deadline.taskGroup({ name: "one" }, (g) => g.sleep(20));
        await deadline.sleep(30);
        await deadline.taskGroup({ name: "two" }, (g) => g.sleep(40));
      }, { parent: group });`);
    const [deadline] = timeline.lanes.filter(({ shape }) => shape === "deadline");
    expect(deadline?.segments).toEqual([
      { state: "running", from: 10, to: 30 },
      { state: "running", from: 60, to: 100 },
      { state: "done", from: 100, to: 100 },
    ]);
    expect(laneNamed(timeline, "two").parent).toBe(deadline?.id);
  });

  test("of a deadline that held nothing is the moment at which it expired", async () => {
    const timeline = await timelineOfBody(`
      for (let n = 0; n < 3; n++) await group.moveOnAfter(50, ({ sleep }) => sleep(99));`);
    const deadlines = timeline.lanes.filter(({ shape }) => shape === "deadline");
    expect(deadlines.map(statesOf)).toEqual(["cancelled 50", "cancelled 100", "cancelled 150"]);
    expect(deadlines[0]?.outcome?.text).toContain("50 ms");
  });

  test("of a deadline with a name of its own is one lane, also once it expires", async () => {
    const timeline = await timelineOfBody(`
      await cohort.moveOnAfter(50, (d) => d.taskGroup({ name: "inner" }, (g) => g.sleep(99)), { parent: group, name: "soon" });`);
    expect(statesOf(laneNamed(timeline, "soon"))).toBe("running 0, cancelled 50");
    expect(arrowsOf(timeline)).toEqual(["soon → inner at 50"]);
  });

  test("of a shield within a shield and a deadline within both keeps them apart", async () => {
    const timeline = await timelineOfBody(`
      await group.shield((a) => a.shield((b) => b.failAfter(100, (c) => c.taskGroup({ name: "deep" }, (g) => g.sleep(5)))));`);
    const deep = laneNamed(timeline, "deep");
    expect(deep.depth).toBe(4);
    expect(timeline.lanes.map(({ shape }) => shape)).toEqual(["group", "shield", "shield", "deadline", "group"]);
    expect(timeline.lanes.every(({ segments }) => segments.at(-1)?.to !== undefined)).toBe(true);
  });

  test("of tasks with one name each finds the group that it opened, at once or after a wait", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g" }, (g) => {
        for (let n = 0; n < 3; n++)
          g.createTask(async (task) => {
            if (n !== 1) await task.sleep(10);
            await task.taskGroup({ name: "inner " + n }, (inner) => inner.sleep(20));
          }, { name: "same" });
      });`);
    const same = timeline.lanes.filter(({ name }) => name === "same").map(({ id }) => id);
    const parents = [0, 1, 2].map((n) => laneNamed(timeline, `inner ${n}`).parent);
    expect(new Set(parents).size).toBe(3);
    expect(new Set(parents)).toEqual(new Set(same));
  });

  test("of a detached task stands beside the program, and a service's groups stand under it", async () => {
    const timeline = await timelineOfBody(`
      const detached = cohort.detach(({ sleep }) => sleep(30), { name: "alone" });
      const services = cohort.openBackgroundTasks({ parent: group });
      services.add((task) => task.taskGroup({ name: "beat" }, (g) => g.sleep(20)), { name: "heart", onError() {} });
      await detached;
      await services.shutdown();`);
    expect(laneNamed(timeline, "alone")).toMatchObject({ depth: 0, shape: "task" });
    expect(laneNamed(timeline, "beat").parent).toBe(laneNamed(timeline, "heart").id);
    expect(timeline.lanes.every(({ segments }) => segments.at(-1)?.to !== undefined)).toBe(true);
  });

  test("of what a cleanup opens after the cancellation shows it cancelled as it begins, unless it is shielded", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g" }, async (g) => {
        g.createTask(async (task) => {
          try { await task.sleep(99); } finally {
            await task.taskGroup({ name: "too late" }, async (late) => { await new Promise((ok) => setTimeout(ok, 5)); }).catch(() => {});
            await task.shield((s) => s.taskGroup({ name: "in time" }, (ok) => ok.sleep(7)));
          }
        }, { name: "member" });
        await g.sleep(10);
        g.cancel();
      });`);
    expect(statesOf(laneNamed(timeline, "too late"))).toMatch(/^draining 10, \w+ 15$/);
    expect(statesOf(laneNamed(timeline, "in time"))).toBe("running 15, done 22");
  });

  test("keeps the errors of a group in their order with their tasks, and their causes", async () => {
    const timeline = await timelineOfBody(`
      await group.taskGroup({ name: "g", failFast: false }, (g) => {
        g.createTask(() => { throw new TypeError("first", { cause: new Error("why") }); }, { name: "a" });
        g.createTask(() => { throw "second"; }, { name: "b" });
      });`);
    expect(timeline.errors?.children[0]).toMatchObject({
      name: "ExceptionGroup",
      children: [
        { name: "TypeError", text: "first", lane: laneNamed(timeline, "a").id, cause: { text: "why" } },
        { name: "string", text: "second", lane: laneNamed(timeline, "b").id },
      ],
    });
  });

  test("survives what can't be printed: errors with bad getters, cycles, symbols, huge values", async () => {
    const timeline = await timelineOfBody(`
      const cycle = {}; cycle.self = cycle;
      const evil = new Error("x"); Object.defineProperty(evil, "message", { get() { throw evil; } });
      const loop = new Error("loop"); loop.cause = loop;
      console.log(cycle, Symbol("s"), 10n, () => 1, undefined, null, new Map([[1, 2]]), [undefined]);
      return group.taskGroup({ name: "g", failFast: false }, (g) => {
        g.createTask(() => cycle, { name: "cycle" });
        g.createTask(() => "x".repeat(1e6), { name: "long" });
        g.createTask(() => { throw evil; }, { name: "evil" });
        g.createTask(() => { throw loop; }, { name: "loop" });
        g.createTask(() => { throw Object.create(null); }, { name: "bare" });
      });`);
    expect(timeline.ending).toBe("failed");
    expect(timeline.errors?.children[0]?.children).toHaveLength(3);
    expect(laneNamed(timeline, "long").outcome?.text.length).toBeLessThan(300);
    expect(() => structuredClone(timeline)).not.toThrow();
  });

  test("is told while it happens, not at the end", async () => {
    const seen: RunEvent[] = [];
    let atFirstOutput: number | undefined;
    await record(programOf(`await group.taskGroup({ name: "g" }, (g) => g.sleep(10)); console.log("now");`), {
      onEvent(event) {
        seen.push(event);
        if (event.kind === "output") atFirstOutput = seen.filter(({ kind }) => kind === "close").length;
      },
    });
    expect(atFirstOutput).toBe(1);
    expect(seen.at(-1)?.kind).toBe("finish");
  });
});
