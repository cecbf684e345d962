import {
  ExceptionGroup,
  exceptStar,
  formatException,
  InvalidStateError,
  KeyboardInterrupt,
  onlyError,
} from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

describe("LC-5 leaving without join()", () => {
  it("LC-5 cancels the members and waits for them", async () => {
    const { run, openTaskGroup, sleep: later, now, inspectTasks } = virtualRuntime();
    const order: string[] = [];
    const [task] = await run(async () => {
      let member;
      {
        await using group = openTaskGroup();
        member = group.createTask(async ({ sleep }) => {
          try {
            await sleep(1000);
          } catch (error) {
            order.push("cancelled");
            throw error;
          } finally {
            await later(5);
            order.push("cleaned up");
          }
        });
        await group.sleep(1);
      }
      order.push("after the block");
      return [member];
    });
    expect(order).toEqual(["cancelled", "cleaned up", "after the block"]);
    expect([task?.state, now(), inspectTasks()]).toEqual(["cancelled", 6, []]);
  });

  it("LC-5 waits for a member that ignores its cancellation", async () => {
    const { run, openTaskGroup, sleep, now } = virtualRuntime();
    await run(async () => {
      await using group = openTaskGroup();
      group.createTask(() => sleep(100));
      await group.sleep(1);
    });
    expect(now()).toBe(100);
  });

  it("LC-5 close() is the same as disposal", async () => {
    const { run, openTaskGroup, now, reports } = virtualRuntime();
    await run(async () => {
      const group = openTaskGroup();
      const task = group.createTask(({ sleep }) => sleep(1000));
      await group.sleep(1);
      await group.close();
      expect(task.state).toBe("cancelled");
      expect(() => group.createTask(() => {})).toThrow(InvalidStateError);
    });
    expect(now()).toBe(1);
    expect(reports).toHaveLength(1);
  });

  it("LC-5 close() twice closes once, and join() after close() doesn't hang", async () => {
    const { run, openTaskGroup, reports } = virtualRuntime();
    await run(async () => {
      const group = openTaskGroup();
      group.createTask(({ sleep }) => sleep(1000));
      await Promise.all([group.close(), group.close()]);
      await group[Symbol.asyncDispose]();
      await group.join();
    });
    expect(reports).toHaveLength(1);
  });

  it("LC-5 members that were still alive are named in a warning", async () => {
    const { run, openTaskGroup, reports } = virtualRuntime();
    await run(async () => {
      await using group = openTaskGroup({ name: "jobs" });
      group.createTask(() => {}, { name: "quick" });
      group.createTask(({ sleep }) => sleep(1000), { name: "slow" });
      group.createTask(({ sleep }) => sleep(1000), { name: "daemon", background: true });
      await group.sleep(1);
    });
    expect(reports.map(({ tasks }) => tasks.map(({ name }) => name))).toEqual([["slow", "daemon"]]);
    expect(reports[0]?.warning).toMatch(/jobs.*join\(\).*slow.*daemon/);
  });

  it.each([
    ["the block threw", (fail: () => void) => fail()],
    ["the group was cancelled before", (_fail: () => void, cancel: () => void) => cancel()],
  ])("LC-5 the warning comes always, also when %s", async (_, before) => {
    const { run, openTaskGroup, sleep, reports } = virtualRuntime();
    await outcomeOf(
      run(async () => {
        await using group = openTaskGroup();
        group.createTask(() => sleep(10), { name: "stays" });
        await sleep(1);
        before(
          () => {
            throw new Error("block");
          },
          () => group.cancel(),
        );
      }),
    );
    expect(reports.map(({ tasks }) => tasks.map(({ name }) => name))).toEqual([["stays"]]);
  });

  it("LC-5 without anybody alive there is no warning", async () => {
    const { run, openTaskGroup, reports, inspectTasks } = virtualRuntime();
    await run(async () => {
      await using group = openTaskGroup();
      await group.createTask(() => 1);
    });
    expect([reports, inspectTasks()]).toEqual([[], []]);
  });

  it("LC-5 a block that throws cancels the members, and its error comes out bare", async () => {
    const { run, openTaskGroup, now } = virtualRuntime();
    const thrown = new Error("block");
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup();
        group.createTask(({ sleep }) => sleep(1000));
        await group.sleep(1);
        throw thrown;
      }),
    );
    expect(error).toBe(thrown);
    expect(now()).toBe(1);
  });

  it("LC-5 the block's own error isn't buried under its echo: a failure that an awaiter saw isn't thrown again", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const boom = new Error("boom");
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup();
        await group.createTask(() => Promise.reject(boom));
      }),
    );
    expect(error).toBe(boom);
  });

  it("LC-5 failures that no awaiter has seen are thrown in an ExceptionGroup", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup({ name: "jobs", failFast: false });
        group.createTask(() => Promise.reject(new Error("unseen")), { name: "a" });
        await outcomeOf(group.createTask(() => Promise.reject(new Error("seen")), { name: "b" }));
        group.createTask(() => Promise.reject(undefined), { name: "c" });
        await group.sleep(1);
      }),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).failures.map(({ error: leaf, task }) => [leaf, task?.name])).toEqual([
      [new Error("unseen"), "a"],
      [undefined, "c"],
    ]);
  });

  it("LC-5 what members throw while the disposal cancels them is thrown, too", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup();
        group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(new Error("rollback"))));
        await group.sleep(1);
      }),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("rollback")]);
  });

  it("LC-5 an error object that an awaiter saw through one handle is seen, whichever member ended with it first", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const cached = Promise.reject(new Error("connection lost"));
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup();
        group.createTask(() => cached);
        await group.createTask(() => cached);
      }),
    );
    expect(error).toEqual(new Error("connection lost"));
  });

  it("LC-5 a primitive that one awaiter saw doesn't hide the same primitive of a member that nobody awaited", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup({ failFast: false });
        group.createTask(() => Promise.reject("timeout"), { name: "unseen" });
        await outcomeOf(group.createTask(() => Promise.reject("timeout"), { name: "seen" }));
      }),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).failures.map(({ task }) => task?.name)).toEqual(["unseen"]);
  });

  it("LC-5 what cleanups throw is thrown as well, and a KeyboardInterrupt bare", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup();
        group.defer(() => Promise.reject(new Error("cleanup")));
      }),
    );
    expect((error as ExceptionGroup).errors).toEqual([new Error("cleanup")]);
    const interrupt = new KeyboardInterrupt("stop");
    const bare = await errorOf(
      run(async () => {
        await using group = openTaskGroup();
        group.createTask(() => Promise.reject(interrupt));
        await group.sleep(1).catch(() => {});
      }),
    );
    expect(bare).toBe(interrupt);
  });

  it("LC-5 a group that was cancelled from outside doesn't throw the reason when it is left", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const controller = new AbortController();
    await run(async () => {
      await using group = openTaskGroup({ signal: controller.signal });
      group.createTask(({ sleep }) => sleep(1000));
      controller.abort(new Error("outside"));
    });
    expect(controller.signal.aborted).toBe(true);
  });
});

describe("LC-5 errors of a block and its disposal together", () => {
  const both = async (): Promise<unknown> => {
    const { run, openTaskGroup } = virtualRuntime();
    return errorOf(
      run(async () => {
        await using group = openTaskGroup({ name: "jobs", failFast: false });
        group.createTask(() => Promise.reject(new RangeError("member")), { name: "upload" });
        await group.sleep(1);
        throw new TypeError("block");
      }),
    );
  };

  it("LC-5 exceptStar looks into a SuppressedError", async () => {
    const seen: unknown[] = [];
    const handler = ({ errors }: ExceptionGroup): void => void seen.push(...errors);
    await exceptStar(await both(), [TypeError, handler], [(error) => error instanceof RangeError, handler]);
    expect(seen).toEqual([new TypeError("block"), expect.any(ExceptionGroup)]);
  });

  it("LC-5 formatException looks into a SuppressedError", async () => {
    const text = formatException(await both());
    expect(text).toContain("block");
    expect(text).toContain("upload");
    expect(text).toContain("member");
  });

  it("LC-5 onlyError looks into a SuppressedError", async () => {
    const { run, openTaskGroup } = virtualRuntime();
    const boom = new Error("boom");
    const error = await errorOf(
      run(async () => {
        await using group = openTaskGroup();
        group.createTask(() => Promise.reject(boom));
        await group.sleep(1).catch(() => {});
        throw boom;
      }),
    );
    expect((error as Error).name).toBe("SuppressedError");
    expect(onlyError(error)).toBe(boom);
  });
});
