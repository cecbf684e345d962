import { ExceptionGroup, type GroupPolicy, KeyboardInterrupt, type Task, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

type Settled = Parameters<GroupPolicy["onSettled"]>[0];

/** A policy that remembers what it was told. */
function watching(answer: (task: Settled) => "continue" | "close" = () => "continue") {
  const seen: Settled[] = [];
  const policy: GroupPolicy = {
    onSettled(task) {
      seen.push(task);
      return answer(task);
    },
  };
  return { policy, seen, names: () => seen.map(({ name }) => name) };
}

describe("CO-7 the policies that the clause names are a few lines each", () => {
  it("CO-7 fail-fast", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const { policy } = watching(({ outcome }) => (outcome.status === "rejected" ? "close" : "continue"));
    const error = await errorOf(
      run(() =>
        taskGroup({ policy }, (group) => {
          group.createTask(({ sleep }) => sleep(1000));
          group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(new Error("boom"))));
          group.createTask(() => "fine");
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("boom")]);
    expect(now()).toBe(10);
  });

  it("CO-7 supervise: a failure cancels nobody, what failed is thrown at the end", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const { policy } = watching();
    const error = await errorOf(
      run(() =>
        taskGroup({ policy }, (group) => {
          group.createTask(() => Promise.reject("a"));
          group.createTask(({ sleep }) => sleep(20).then(() => Promise.reject("b")));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual(["a", "b"]);
    expect(now()).toBe(20);
  });

  it("CO-7 first success", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const firstSuccess = (): Required<GroupPolicy<unknown>> => {
      let winner: PromiseFulfilledResult<unknown> | undefined;
      return {
        onSettled({ outcome }) {
          if (outcome.status === "rejected") return "continue";
          winner ??= outcome;
          return "close";
        },
        result(_value, failures) {
          if (winner !== undefined) return winner.value;
          throw new ExceptionGroup(
            "all failed",
            failures.map(({ error }) => error),
          );
        },
      };
    };
    const value = await run(() =>
      taskGroup({ policy: firstSuccess() }, (group) => {
        group.createTask(() => Promise.reject(new Error("first")));
        group.createTask(({ sleep }) => sleep(20).then(() => "winner"));
        group.createTask(({ sleep }) => sleep(1000).then(() => "loser"));
      }),
    );
    expect([value, now()]).toEqual(["winner", 20]);
  });

  it("CO-7 until a predicate holds", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    let sum = 0;
    const policy: GroupPolicy<number> = {
      onSettled: ({ outcome }) =>
        outcome.status === "fulfilled" && (sum += outcome.value as number) >= 5 ? "close" : "continue",
      result: () => sum,
    };
    const value = await run(() =>
      taskGroup({ policy }, (group) => {
        for (let n = 1; n <= 10; n++) group.createTask(({ sleep }) => sleep(n).then(() => n));
      }),
    );
    expect([value, now()]).toEqual([6, 3]);
  });
});

describe("CO-7 onSettled", () => {
  it("CO-7 is called once per foreground member that is done or failed, with its outcome and what the task is", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { policy, seen } = watching();
    const tasks: Task<unknown>[] = [];
    await errorOf(
      run(() =>
        taskGroup({ policy, name: "g" }, (group) => {
          tasks.push(group.createTask(() => undefined, { name: "done" }));
          tasks.push(group.createTask(() => Promise.reject(undefined), { name: "failed" }));
        }),
      ),
    );
    expect(seen).toEqual([
      { id: tasks[0]?.id, name: "done", path: ["g", "done"], outcome: { status: "fulfilled", value: undefined } },
      { id: tasks[1]?.id, name: "failed", path: ["g", "failed"], outcome: { status: "rejected", reason: undefined } },
    ]);
  });

  it("CO-7 isn't called for background members, cancelled ones, nor those that never ran", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { policy, names } = watching();
    await run(() =>
      taskGroup({ policy, memberCancel: true, limit: 2 }, async (group) => {
        group.createTask(() => {}, { background: true, name: "background" });
        const alone = group.createTask(({ sleep }) => sleep(1000), { name: "cancelled alone" });
        group.createTask(() => {}, { name: "done" });
        await group.sleep(1);
        alone.cancel();
        group.createTask(({ sleep }) => sleep(1000), { name: "cancelled with the group" });
        await group.sleep(1);
        group.createTask(() => {}, { name: "never started" });
        group.cancel();
        group.createTask(() => {}, { name: "dead on arrival" });
      }),
    );
    expect(names()).toEqual(["done"]);
  });

  it("CO-7 a background member's failure is a failure of the group whatever the policy says (ME-12)", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const { policy, names } = watching();
    const error = await errorOf(
      run(() =>
        taskGroup({ policy }, (group) => {
          group.createTask(() => Promise.reject(new Error("heartbeat")), { background: true });
          group.createTask(({ sleep }) => sleep(1000));
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("heartbeat")]);
    expect([names(), now()]).toEqual([[], 0]);
  });

  it('CO-7 "close" cancels the others, and the block gives the body\'s value', async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const { policy } = watching(() => "close");
    let other!: Task<void>;
    const value = await run(() =>
      taskGroup({ policy }, (group) => {
        group.createTask(({ sleep }) => sleep(10));
        other = group.createTask(({ sleep }) => sleep(1000));
        return "body's value";
      }),
    );
    expect([value, other.state, now()]).toEqual(["body's value", "cancelled", 10]);
  });

  it("CO-7 its answer is ignored once the group is closing, but it is still told", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { policy, names } = watching(() => "close");
    await run(() =>
      taskGroup({ policy }, async (group) => {
        group.createTask(({ sleep }) => sleep(1000).catch(() => "swallowed"), { name: "late" });
        group.createTask(({ sleep }) => sleep(10), { name: "first" });
        group.createTask(({ sleep }) => sleep(1000), { name: "cancelled" });
      }),
    );
    expect(names()).toEqual(["first", "late"]);
  });

  it("CO-7 a KeyboardInterrupt of a member comes out bare whatever the policy says (OUT-1)", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const { policy } = watching();
    const interrupt = new KeyboardInterrupt("stop");
    const error = await errorOf(
      run(() =>
        taskGroup({ policy: { ...policy, result: () => "never" } as never }, (group) => {
          group.createTask(() => Promise.reject(interrupt));
          group.createTask(({ sleep }) => sleep(1000));
        }),
      ),
    );
    expect([error, now()]).toEqual([interrupt, 0]);
  });

  it.each([new Error("hook"), undefined, ""])(
    "CO-7 a hook that throws is a failure: onSettled with %s",
    async (thrown) => {
      const { run, taskGroup, now } = virtualRuntime();
      const { policy } = watching(() => {
        throw thrown;
      });
      const error = await errorOf(
        run(() =>
          taskGroup({ policy }, (group) => {
            group.createTask(() => "value");
            group.createTask(({ sleep }) => sleep(1000));
          }),
        ),
      );
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect((error as ExceptionGroup).errors).toEqual([thrown]);
      expect(now()).toBe(0);
    },
  );

  it("CO-7 a hook that throws about a member that failed adds to its failure", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { policy } = watching(() => {
      throw "hook";
    });
    const error = await errorOf(
      run(() => taskGroup({ policy }, (group) => void group.createTask(() => Promise.reject("member")))),
    );
    expect((error as ExceptionGroup).errors).toEqual(["member", "hook"]);
  });
});

describe("CO-7 result", () => {
  it("CO-7 gets the body's value and the failures, and its return is the block's", async () => {
    const { run, taskGroup } = virtualRuntime();
    const given: unknown[] = [];
    const policy: GroupPolicy<string> = {
      onSettled: () => "continue",
      result(value, failures) {
        given.push(
          value,
          failures.map(({ error, task }) => [error, task?.name]),
        );
        return "made";
      },
    };
    const value = await run(() =>
      taskGroup({ policy }, (group) => {
        group.createTask(() => Promise.reject("no"), { name: "bad" });
        group.createTask(() => "yes");
        return "body's";
      }),
    );
    expect([value, given]).toEqual(["made", ["body's", [["no", "bad"]]]]);
  });

  it("CO-7 replaces OUT-2 and OUT-5 only: an outside cancellation and a deadline without failures come out as ever", async () => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const given: unknown[] = [];
    const policy: GroupPolicy<string> = {
      onSettled: () => "continue",
      result: (value, failures) => (given.push(value, ...failures.map(({ error }) => error)), "made"),
    };
    const controller = new AbortController();
    const outside = await outcomeOf(
      run(() => {
        void sleep(5).then(() => controller.abort("outside"));
        return taskGroup({ policy, signal: controller.signal }, (group) => group.sleep(1000));
      }),
    );
    const late = await outcomeOf(run(() => taskGroup({ policy, timeout: 5 }, (group) => group.sleep(1000))));
    expect([outside, late, given]).toEqual([{ error: "outside" }, { error: expect.any(TimeoutError) }, []]);
    const ended = await outcomeOf(
      run(() =>
        taskGroup({ policy }, (group) => {
          group.cancel();
          return group.sleep(1000);
        }),
      ),
    );
    expect([ended, given]).toEqual([{ value: "made" }, [undefined]]);
  });

  it("CO-7 is called without any member, too", async () => {
    const { run, taskGroup } = virtualRuntime();
    const policy: GroupPolicy<number> = { onSettled: () => "continue", result: (_, { length }) => length };
    expect(await run(() => taskGroup({ policy }, () => {}))).toBe(0);
  });

  it("CO-7 a hook that throws is a failure: result", async () => {
    const { run, taskGroup } = virtualRuntime();
    const policy: GroupPolicy = {
      onSettled: () => "continue",
      result() {
        throw new RangeError("none won");
      },
    };
    const outcome = await outcomeOf(run(() => taskGroup({ policy }, () => "value")));
    expect(outcome).toEqual({ error: expect.any(ExceptionGroup) });
    expect((outcome as { error: ExceptionGroup }).error.errors).toEqual([expect.any(RangeError)]);
  });

  it("CO-7 an open group has policies as well", async () => {
    const { run, openTaskGroup, now } = virtualRuntime();
    const { policy } = watching(() => "close");
    await run(async () => {
      await using group = openTaskGroup({ policy });
      group.createTask(({ sleep }) => sleep(10));
      group.createTask(({ sleep }) => sleep(1000));
      await group.join();
    });
    expect(now()).toBe(10);
  });
});
