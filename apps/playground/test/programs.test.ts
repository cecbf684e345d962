import { describe, expect, test } from "vitest";
import { programById, programs } from "../src/programs/programs.ts";
import type { ErrorNode, Timeline } from "../src/recording/timeline.ts";
import { timelineOf } from "../src/recording/timeline.ts";
import { arrowsOf, laneNamed, mostAtOnce, statesOf } from "./support/lanes.ts";
import { record } from "./support/record.ts";

async function recorded(id: string): Promise<Timeline> {
  const program = programById(id);
  if (program === undefined) throw new Error(`there is no program "${id}"`);
  return timelineOf(await record(program.source));
}

function leavesOf(error: ErrorNode | undefined): ErrorNode[] {
  if (error === undefined) return [];
  return error.children.length === 0 ? [error] : error.children.flatMap(leavesOf);
}

describe("the programs of the page", () => {
  test("are those that were promised, with ids that links can rely on", () => {
    expect(programs.map(({ id }) => id).sort()).toEqual([
      "atomic-members",
      "crawl",
      "deadline",
      "failing-sibling",
      "nested-groups",
      "race",
      "shielded-cleanup",
      "stuck-member",
      "ten-thousand",
    ]);
  });

  test.each(programs)("$id asks the server for something just if it says so", ({ source, needsServer }) => {
    expect(source.includes("/api/")).toBe(needsServer);
  });

  test.each(programs)("$id fits a narrow editor", ({ source }) => {
    for (const line of source.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("failing-sibling: the member that fails cancels those that still run, and its name comes out", async () => {
    const timeline = await recorded("failing-sibling");
    expect(statesOf(laneNamed(timeline, "user"))).toBe("running 0, done 200");
    expect(statesOf(laneNamed(timeline, "orders"))).toBe("running 0, failed 600");
    expect(statesOf(laneNamed(timeline, "friends"))).toBe("running 0, cancelled 600");
    expect(statesOf(laneNamed(timeline, "messages"))).toBe("running 0, cancelled 600");
    expect(arrowsOf(timeline)).toEqual([
      "orders → profile at 600",
      "orders → friends at 600",
      "orders → messages at 600",
      "profile → main at 600",
    ]);
    expect(timeline.ending).toBe("failed");
    expect(leavesOf(timeline.errors)).toMatchObject([
      { name: "Error", text: "/api/fail?delay=600 answered 503", lane: laneNamed(timeline, "orders").id },
    ]);
  });

  test("crawl: at most three pages are fetched at a time, each once, and all of them", async () => {
    const timeline = await recorded("crawl");
    const pages = timeline.lanes.filter(({ shape }) => shape === "task");
    expect(pages).toHaveLength(15);
    expect(new Set(pages.map(({ name }) => name)).size).toBe(15);
    expect(mostAtOnce(pages, "running")).toBe(3);
    expect(pages.some(({ segments }) => segments[0]?.state === "pending")).toBe(true);
    expect(timeline).toMatchObject({ ending: "done", result: "15", output: [{ text: "15 pages seen" }] });
  });

  test("deadline: what isn't finished drains, and is awaited before the TimeoutError comes out", async () => {
    const timeline = await recorded("deadline");
    expect(statesOf(laneNamed(timeline, "takes 600 ms"))).toBe("running 0, done 850");
    expect(statesOf(laneNamed(timeline, "takes 1500 ms"))).toBe("running 0, draining 1000, cancelled 1250");
    expect(statesOf(laneNamed(timeline, "takes 3000 ms"))).toBe("running 0, draining 1000, cancelled 1250");
    const deadline = timeline.lanes.find(({ shape }) => shape === "deadline");
    expect(deadline).toMatchObject({ depth: 1, outcome: { text: expect.stringContaining("after 1000 ms") } });
    expect(statesOf(deadline as never)).toBe("running 0, draining 1000, cancelled 1250");
    expect(arrowsOf(timeline)).toContain(`${deadline?.name} → takes 1500 ms at 1000`);
    expect(timeline).toMatchObject({ ending: "failed", now: 1250 });
    expect(leavesOf(timeline.errors)).toMatchObject([{ name: "TimeoutError", lane: deadline?.id }]);
  });

  test("shielded-cleanup: what is under the shield runs to its end while the rest drains", async () => {
    const timeline = await recorded("shielded-cleanup");
    expect(statesOf(laneNamed(timeline, "booking"))).toBe("running 0, draining 500, cancelled 1200");
    expect(statesOf(laneNamed(timeline, "release seat"))).toBe("running 500, done 900");
    expect(statesOf(laneNamed(timeline, "send mail"))).toBe("running 500, done 1200");
    expect(timeline.lanes.find(({ shape }) => shape === "shield")).toMatchObject({
      parent: laneNamed(timeline, "booking").id,
    });
    expect(leavesOf(timeline.errors)).toMatchObject([
      { text: "card refused", lane: laneNamed(timeline, "payment").id },
    ]);
    expect(timeline.output.map(({ text }) => text)).toEqual(["seat reserved", "seat released"]);
  });

  test("nested-groups: a failure that is handled stays in its group", async () => {
    const timeline = await recorded("nested-groups");
    expect(timeline.ending).toBe("done");
    expect(laneNamed(timeline, "ask south").segments.at(-1)?.state).toBe("failed");
    expect(arrowsOf(timeline).every((arrow) => arrow.startsWith("south: milk → "))).toBe(true);
    for (const name of ["north", "west", "ask north", "ask west", "south"])
      expect(laneNamed(timeline, name).segments.at(-1)?.state).toBe("done");
    expect(statesOf(laneNamed(timeline, "south: honey"))).toBe("pending 0, cancelled 250");
  });

  test("race: the first success wins, a failure before it doesn't matter, the loser is cancelled", async () => {
    const timeline = await recorded("race");
    expect(timeline).toMatchObject({ ending: "done", result: "near", now: 700 });
    expect(statesOf(laneNamed(timeline, "1"))).toBe("running 0, failed 300");
    expect(arrowsOf(timeline)).toEqual(["2 → mirrors at 700", "2 → 0 at 700"]);
  });

  test("atomic-members: one member's cancel() is refused and noted, or opted in to", async () => {
    const timeline = await recorded("atomic-members");
    expect(laneNamed(timeline, "slow")).toMatchObject({ notes: [{ at: 300, kind: "ignored-cancel" }] });
    expect(statesOf(laneNamed(timeline, "slow"))).toBe("running 0, done 1200");
    expect(statesOf(laneNamed(timeline, "slow, again"))).toBe("running 1200, cancelled 1500");
    expect(statesOf(laneNamed(timeline, "other, again"))).toBe("running 1200, done 2000");
  });

  test("stuck-member: one group waits for it, the other gives up and says whom it left", async () => {
    const timeline = await recorded("stuck-member");
    const waiting = laneNamed(timeline, "stuck, waits");
    expect(statesOf(waiting)).toBe("running 0, draining 300, done 4000");
    expect(waiting.notes).toMatchObject([{ at: 1300, kind: "straggler" }]);
    expect(statesOf(laneNamed(timeline, "waits"))).toBe("running 0, draining 300, failed 4000");
    expect(statesOf(laneNamed(timeline, "gives up"))).toBe("running 4000, draining 4300, failed 6300");
    expect(statesOf(laneNamed(timeline, "stuck, gives up"))).toBe("running 4000, draining 4300, done 8000");
    expect(timeline.output.find(({ at }) => at === 1300)?.text).toContain("still running 1000 ms after");
    expect(timeline.output.some(({ text }) => text.includes("stopped waiting for"))).toBe(true);
    expect(timeline.ending).toBe("done");
  });

  test("ten-thousand: ten thousand tasks in a hundred groups, twenty of each at a time", async () => {
    const timeline = await recorded("ten-thousand");
    const tasks = timeline.lanes.filter(({ name }) => name.startsWith("task "));
    expect(tasks).toHaveLength(10_000);
    expect(tasks.every(({ segments }) => segments.at(-1)?.state === "done")).toBe(true);
    const group = laneNamed(timeline, "group 7");
    expect(
      mostAtOnce(
        tasks.filter(({ parent }) => parent === group.id),
        "running",
      ),
    ).toBe(20);
    expect(timeline).toMatchObject({ ending: "done", result: "100 groups of 100" });
  }, 20_000);
});
