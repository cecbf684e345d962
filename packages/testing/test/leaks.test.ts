import { bindTaskGroup, defineRuntime } from "@cohort/core";
import { sleep as realSleep } from "@cohort/universal";
import { abortable, adapter, detach, openTaskGroup, runtime, sleep, taskGroup } from "@cohort/node";
import { createTestRuntime, LeakError, type TestClock, useVirtualTime, withVirtualTime } from "@cohort/testing";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./outcome-of.ts";

const never = new Promise<never>(() => {});

/** What a test that does this is told at its end. */
async function leaksOf(test: (clock: TestClock) => unknown): Promise<LeakError> {
  const error = await outcomeOf(withVirtualTime(runtime, test));
  expect(error).toBeInstanceOf(LeakError);
  return error as LeakError;
}

describe("a test that leaves something behind fails", () => {
  it("with the tree of the tasks that still live, and how to mend it", async () => {
    const { message, leaks, code } = await leaksOf(async (clock) => {
      void taskGroup({ name: "crawl" }, (group) => {
        group.createTask(({ sleep: pause }) => pause(10_000), { name: "page-1" });
        group.createTask(({ abortable: follow }) => follow(never), { name: "page-2" });
      }).catch(() => {});
      await clock.idle();
    });
    expect(code).toBe("COHORT_LEAK");
    expect(message).toMatchInlineSnapshot(`
      "the test left something behind
      still open:
        crawl (group, waiting, 0 ms)
        ├─ page-1 (task, running, 0 ms, waits for a sleep)
        └─ page-2 (task, running, 0 ms, waits for an abortable promise)
      to mend it: await what the test starts, cancel it, or join() it before the test ends; members that never end by themselves are \`background: true\`, services end by shutdown()"
    `);
    expect(leaks).toMatchObject({ timers: 1, signals: 0, errors: [] });
  });

  it("with timers that nobody waits for any more", async () => {
    const { message, leaks } = await leaksOf(() => void sleep(1000));
    expect(message).toMatchInlineSnapshot(`
      "the test left something behind
      still waiting, for nobody's sake: a sleep
      to mend it: await it, or give it a scope or a signal"
    `);
    expect(leaks.timers).toBe(1);
  });

  it("with signals that the library still listens to", async () => {
    const { signal } = new AbortController();
    const { message, leaks } = await leaksOf(() => void abortable(never, signal));
    expect(message).toMatchInlineSnapshot(`
      "the test left something behind
      still listened to: 1 AbortSignal; to mend it: end what waits for the signal's sake, or abort it"
    `);
    expect(leaks.signals).toBe(1);
  });

  it("with errors that were reported, since no block could throw them", async () => {
    const boom = new Error("boom");
    const { message } = await leaksOf((clock) =>
      taskGroup({ name: "shop" }, (group) => {
        group.onCancel(() => {
          throw boom;
        });
        group.cancel();
        return clock.idle();
      }),
    );
    expect(message).toMatchInlineSnapshot(`
      "the test left something behind
      reported, and not taken by the test:
        shop: Error: boom
      to mend it: handle it where it happens, or expect it: clock.takeReports()"
    `);
  });

  it("unless it expects the error, and takes it", async () => {
    const boom = new Error("boom");
    await withVirtualTime(runtime, async (clock) => {
      await taskGroup({ name: "shop" }, (group) => {
        group.onCancel(() => {
          throw boom;
        });
        group.cancel();
      });
      expect(clock.takeReports()).toMatchObject([{ error: boom, tasks: [{ name: "shop" }] }]);
      expect(clock.reports).toEqual([]);
    });
  });

  it("warnings alone are no leak, but can be seen", async () => {
    await withVirtualTime(runtime, async (clock) => {
      {
        await using group = openTaskGroup({ name: "pool" });
        group.createTask(({ sleep: pause }) => pause(10), { name: "late" });
      }
      expect(clock.reports.map(({ warning }) => warning)).toEqual([
        'TaskGroup "pool" was left without join(): cancelled pool > late',
      ]);
    });
  });

  it("what is open gets the time that its cleanup asks for, before the next test begins", async () => {
    const log: string[] = [];
    await leaksOf(() => {
      detach(async (task) => {
        try {
          await task.sleep(Infinity);
        } finally {
          await task.shield((shield) => shield.sleep(5000));
          log.push("cleaned up");
        }
      }).catch(() => {});
    });
    expect(log).toEqual(["cleaned up"]);
  });

  it("also a cleanup that waits whatever happens, and one that does real work", async () => {
    const log: string[] = [];
    await leaksOf(() => {
      detach(async (task) => {
        try {
          await task.sleep(Infinity);
        } finally {
          await sleep(5000);
          await new Promise((resolve) => setTimeout(resolve, 5));
          await sleep(5000);
          log.push("cleaned up");
        }
      }).catch(() => {});
    });
    expect(log).toEqual(["cleaned up"]);
  });

  it("a cleanup that never ends holds nothing up for longer than a second", async () => {
    const own = new Error("the test's own");
    const error = await outcomeOf(
      withVirtualTime(runtime, async (clock) => {
        detach((task) =>
          task.shield(async (shield) => {
            for (;;) await shield.sleep(10);
          }),
        ).catch(() => {});
        await clock.idle();
        throw own;
      }),
    );
    expect(error).toBe(own);
  });

  it("what can't be cancelled holds nothing up", async () => {
    const { leaks } = await leaksOf(async (clock) => {
      void taskGroup(() => never);
      await clock.idle();
    });
    expect(leaks.open).toHaveLength(1);
  });

  it("what it reports after the clock was given back is the host's to hear", async () => {
    const heard: unknown[] = [];
    const host = defineRuntime({
      ...adapter,
      reportError: (error) => void heard.push(error),
      reportWarning: (text) => void heard.push(text),
    });
    const boom = new Error("boom");
    let fail = (_error: Error): void => {};
    const gate = new Promise<never>((_, reject) => (fail = reject));
    await outcomeOf(
      withVirtualTime(host, async (clock) => {
        outcomeOf(
          bindTaskGroup(host)({ abandonAfter: 10 }, (group) => {
            group.createTask(() => gate, { eager: true });
            group.cancel();
          }),
        );
        await clock.advance(10);
      }),
    );
    fail(boom);
    await outcomeOf(gate);
    await Promise.resolve();
    expect(heard).toEqual([boom]);
  });

  it("a test whose own error comes first is told that error alone", async () => {
    const boom = new Error("boom");
    const error = await outcomeOf(
      withVirtualTime(runtime, () => {
        detach(({ sleep: pause }) => pause(10)).catch(() => {});
        throw boom;
      }),
    );
    expect(error).toBe(boom);
  });
});

describe("assertNoLeaks()", () => {
  it("says in the middle of a test whether all that it started has ended", async () => {
    await using clock = useVirtualTime(runtime);
    const done = taskGroup((group) => void group.createTask(({ sleep: pause }) => pause(10)));
    expect(() => clock.assertNoLeaks()).toThrow(LeakError);
    await done;
    clock.assertNoLeaks();
  });

  it("counts the signals of its own runtime alone", async () => {
    const { signal } = new AbortController();
    await using other = createTestRuntime();
    const open = other.openTaskGroup({ signal });
    await withVirtualTime(runtime, () => {});
    const { leaks } = await leaksOf(() => void abortable(never, signal));
    expect(leaks.signals).toBe(1);
    await open.join();
  });

  it("can't be asked once the clock is closed", async () => {
    const clock = useVirtualTime(runtime);
    await clock.close();
    expect(() => clock.assertNoLeaks()).toThrow("has been closed");
  });

  it("is no concern of another runtime's work", async () => {
    const { signal } = new AbortController();
    await withVirtualTime(runtime, async () => {
      await realSleep(1, signal);
    });
  });
});

describe("disposal", () => {
  /** What reaches the process as unhandled while a test with this in it runs. */
  async function unhandledDuring(test: () => Promise<void>): Promise<unknown[]> {
    const others = process.listeners("unhandledRejection");
    const seen: unknown[] = [];
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => void seen.push(reason));
    try {
      await test();
      for (let n = 0; n < 3; n++) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const other of others) process.on("unhandledRejection", other);
    }
    return seen;
  }

  it("fails the run by an unhandled rejection, beside the test's own error", async () => {
    const boom = new Error("boom");
    let outcome: unknown;
    const unhandled = await unhandledDuring(async () => {
      const test = async (): Promise<void> => {
        await using _clock = useVirtualTime(runtime);
        detach(({ sleep: pause }) => pause(10)).catch(() => {});
        throw boom;
      };
      outcome = await outcomeOf(test());
    });
    expect([outcome, unhandled]).toEqual([boom, [expect.any(LeakError)]]);
  });

  it("so does `using`, which cancels what is open and can't wait for it", async () => {
    const unhandled = await unhandledDuring(async () => {
      let alone: PromiseLike<unknown>;
      {
        using _clock = useVirtualTime(runtime);
        alone = outcomeOf(detach(({ sleep: pause }) => pause(10)));
      }
      expect(await alone).toMatchObject({ name: "AbortError", message: "the test has ended" });
    });
    expect(unhandled).toEqual([expect.any(LeakError)]);
  });

  it("doesn't say again what close() has said", async () => {
    const unhandled = await unhandledDuring(async () => {
      await using clock = useVirtualTime(runtime);
      detach(({ sleep: pause }) => pause(10)).catch(() => {});
      expect(await outcomeOf(clock.close())).toBeInstanceOf(LeakError);
    });
    expect(unhandled).toEqual([]);
  });

  it("says nothing when nothing was left", async () => {
    expect(
      await unhandledDuring(async () => {
        using clock = useVirtualTime(runtime);
        await using _group = openTaskGroup();
        await clock.idle();
      }),
    ).toEqual([]);
  });
});
