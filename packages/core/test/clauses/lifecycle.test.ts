import { ExceptionGroup, InvalidStateError, onlyError, type Scope, type TaskGroup, type TaskScope } from "@cohort/core";
import { describe, expect, it, vi } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";

describe("LC-1 a group runs its body and waits for everybody", () => {
  it("LC-1 settles with the body's value after every member has settled", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const order: string[] = [];
    const value = await run(() =>
      taskGroup((group) => {
        group.createTask(async ({ sleep }) => {
          await sleep(40);
          order.push("member");
        });
        order.push("body");
        return 7;
      }),
    );
    expect([value, order, now()]).toEqual([7, ["body", "member"], 40]);
  });

  it("LC-1 waits for a body that outlives its members", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const value = await run(() =>
      taskGroup(async (group) => {
        group.createTask(({ sleep }) => sleep(10));
        await group.sleep(50);
        return "late";
      }),
    );
    expect([value, now()]).toEqual(["late", 50]);
  });

  it("LC-1 (test_taskgroup_01, _02) members made before and after an await of the body have their results after the block", async () => {
    const { run, taskGroup } = virtualRuntime();
    const [first, second] = await run(async () => {
      let tasks: { result(): number }[] = [];
      await taskGroup(async (group) => {
        const early = group.createTask(async ({ sleep }) => {
          await sleep(10);
          return 11;
        });
        await group.sleep(20);
        tasks = [early, group.createTask(() => 42)];
      });
      return tasks;
    });
    expect([first?.result(), second?.result()]).toEqual([11, 42]);
  });

  it.each([undefined, null, 0, "", false, Number.NaN])(
    "LC-1 the body's value is passed on as it is: %s",
    async (value) => {
      const { run, taskGroup } = virtualRuntime();
      expect(await run(() => taskGroup(() => value))).toBe(value);
      expect(await run(() => taskGroup({ limit: 1 }, async () => value))).toBe(value);
    },
  );

  it("LC-1 a thenable that the body returns is waited for", async () => {
    const { run, taskGroup, sleep, now } = virtualRuntime();
    const thenable: PromiseLike<string> = {
      then: (ok, no) =>
        sleep(30)
          .then(() => "slow")
          .then(ok, no),
    };
    expect(await run(() => taskGroup(() => thenable))).toBe("slow");
    expect(now()).toBe(30);
  });

  it("LC-1 the group is there before the body runs: it has a name, a signal and no members", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await run(() =>
      taskGroup({ name: "import" }, (group) => [group.name, group.path, group.signal.aborted, group.size]),
    );
    expect(seen).toEqual(["import", ["import"], false, 0]);
  });

  it("LC-1 c.2 #25 an empty group settles on a microtask, never synchronously", async () => {
    const { taskGroup, inspectTasks } = virtualRuntime();
    const order: string[] = [];
    const block = taskGroup(() => "value").then((value) => order.push(value));
    order.push("after the call");
    expect(inspectTasks()).toHaveLength(1);
    await block;
    expect(order).toEqual(["after the call", "value"]);
    expect(inspectTasks()).toEqual([]);
  });

  it("LC-1 c.2 #10 one error has the same shape as many", async () => {
    const { run, taskGroup } = virtualRuntime();
    const one = new Error("one");
    const alone = await errorOf(run(() => taskGroup((group) => void group.createTask(() => Promise.reject(one)))));
    const both = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.createTask(() => Promise.reject(one));
          group.createTask(() => Promise.reject(new Error("two")));
        }),
      ),
    );
    expect(alone).toBeInstanceOf(ExceptionGroup);
    expect(both).toBeInstanceOf(ExceptionGroup);
    expect((alone as ExceptionGroup).errors).toEqual([one]);
    expect((both as ExceptionGroup).errors).toHaveLength(2);
  });

  it("LC-1 c.2 #14 a member that fails after the body has returned still cancels its siblings", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          group.createTask(({ sleep }) => sleep(1e6));
          group.createTask(async ({ sleep }) => {
            await sleep(10);
            throw new Error("late");
          });
          return "value";
        }),
      ),
    );
    expect(onlyError(error)).toEqual(new Error("late"));
    expect(now()).toBe(10);
  });
});

describe("LC-1 the block settles as soon as everything has", () => {
  /** Is the group finished in a continuation that was attached later than the group's own? */
  const finishedRightAfter = async (open: (group: TaskGroup, last: Promise<void>) => unknown): Promise<unknown> => {
    const { run, taskGroup, sleep } = virtualRuntime();
    const last = gate();
    return run(async () => {
      let group!: TaskGroup;
      const block = taskGroup((scope) => {
        group = scope;
        return open(scope, last.promise);
      });
      await sleep(1);
      const seen = last.promise.then(() => {
        try {
          group.createTask(() => {});
        } catch (error) {
          return error;
        }
        return undefined;
      });
      last.open();
      await block;
      return seen;
    });
  };

  it("LC-1 a continuation attached later than the group's own to the last member's promise finds the group finished", async () => {
    expect(await finishedRightAfter((group, last) => void group.createTask(() => last))).toBeInstanceOf(
      InvalidStateError,
    );
  });

  it("LC-1 a continuation attached later than the group's own to the body's promise finds the group finished", async () => {
    expect(await finishedRightAfter((_group, last) => last)).toBeInstanceOf(InvalidStateError);
  });

  it("LC-1 a continuation attached later than the group's own to the last cleanup's promise finds the group finished", async () => {
    expect(await finishedRightAfter((group, last) => group.defer(() => last))).toBeInstanceOf(InvalidStateError);
  });

  it("LC-1 a continuation of the last member's handle finds the group finished", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await run(async () => {
      let seen!: Promise<unknown>;
      await taskGroup((group) => {
        const task = group.createTask(({ sleep }) => sleep(5));
        seen = errorOf(task.then((): void => void group.createTask(() => {})));
      });
      return seen;
    });
    expect(error).toBeInstanceOf(InvalidStateError);
  });
});

describe("LC-2 a group is single-use", () => {
  it.each([
    ["a value", () => 1],
    ["a failing member", (group: TaskGroup): void => void group.createTask(() => Promise.reject(new Error("boom")))],
    ["a failing body", (): Promise<never> => Promise.reject(new Error("boom"))],
    ["group.cancel()", (group: TaskGroup) => group.cancel()],
  ] as const)(
    "LC-2 (c.2 #8) after %s createTask throws InvalidStateError and never calls the function",
    async (_, body) => {
      const { run, taskGroup, settle } = virtualRuntime();
      let group!: TaskGroup;
      const outcome = await outcomeOf(
        run(() =>
          taskGroup({ name: "once" }, (scope) => {
            group = scope;
            return body(scope);
          }),
        ),
      );
      expect(outcome).toBeDefined();
      const fn = vi.fn();
      for (const options of [{}, { eager: true }, { background: true }]) {
        expect(() => group.createTask(fn, options)).toThrow(InvalidStateError);
        expect(() => group.createTask(fn, options)).toThrow(/"once" is finished$/);
      }
      await settle();
      expect(fn).not.toHaveBeenCalled();
      expect(group.size).toBe(0);
    },
  );

  it("LC-2 start() in a finished group rejects with InvalidStateError and never calls the function", async () => {
    const { run, taskGroup, settle } = virtualRuntime();
    let group!: TaskGroup;
    await run(() => taskGroup((scope) => void (group = scope)));
    const fn = vi.fn();
    expect(await errorOf(group.start(fn))).toBeInstanceOf(InvalidStateError);
    await settle();
    expect(fn).not.toHaveBeenCalled();
  });

  it("LC-2 defer() and use() of a finished group throw instead of never cleaning up", async () => {
    const { run, taskGroup } = virtualRuntime();
    let group!: TaskGroup;
    await run(() => taskGroup((scope) => void (group = scope)));
    expect(() => group.defer(() => {})).toThrow(InvalidStateError);
    expect(() => group.use({ [Symbol.dispose]() {} })).toThrow(InvalidStateError);
  });
});

describe("LC-2 nothing begins under what has ended", () => {
  const begin: readonly (readonly [string, (scope: Scope, body: () => void) => Promise<unknown>])[] = [
    ["taskGroup", (scope, body) => scope.taskGroup(body)],
    ["failAfter", (scope, body) => scope.failAfter(10, body)],
    ["failAt", (scope, body) => scope.failAt(10, body)],
    ["moveOnAfter", (scope, body) => scope.moveOnAfter(10, body)],
    ["shield", (scope, body) => scope.shield(body)],
    ["openTaskGroup", async (scope, body) => void scope.openTaskGroup().createTask(body)],
    ["sleep", (scope) => scope.sleep(10)],
  ];

  it.each(begin)("LC-2 %s on the scope of a finished group is an InvalidStateError", async (_, call) => {
    const { run, taskGroup, settle, inspectTasks, timers } = virtualRuntime();
    let scope!: Scope;
    await run(() => taskGroup((group) => void (scope = group)));
    const body = vi.fn();
    expect(await errorOf(call(scope, body))).toBeInstanceOf(InvalidStateError);
    await settle();
    expect(body).not.toHaveBeenCalled();
    expect([inspectTasks(), timers()]).toEqual([[], 0]);
  });

  it.each(begin)(
    "LC-2 %s on the scope of a finished member is an InvalidStateError, while its group lives",
    async (_, call) => {
      const { run, taskGroup, now } = virtualRuntime();
      const body = vi.fn();
      await run(() =>
        taskGroup(async (group) => {
          let scope!: Scope;
          await group.createTask((own) => void (scope = own));
          expect(await errorOf(call(scope, body))).toBeInstanceOf(InvalidStateError);
          await group.sleep(1);
        }),
      );
      expect(body).not.toHaveBeenCalled();
      expect(now()).toBe(1);
    },
  );

  it("LC-2 a finished scope as `parent` is refused, too", async () => {
    const { run, taskGroup, failAfter, settle, inspectTasks } = virtualRuntime();
    let parent!: Scope;
    await run(() => taskGroup((group) => void (parent = group)));
    const body = vi.fn();
    expect(await errorOf(taskGroup({ parent }, body))).toBeInstanceOf(InvalidStateError);
    expect(await errorOf(failAfter(10, body, { parent }))).toBeInstanceOf(InvalidStateError);
    await settle();
    expect(body).not.toHaveBeenCalled();
    expect(inspectTasks()).toEqual([]);
  });
});

describe("LC-3 a group whose body has returned takes newcomers while members live", () => {
  it("LC-3 (test_taskgroup_24) a member may add members, and the group waits for them", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const ended: string[] = [];
    await run(() =>
      taskGroup((group) => {
        group.createTask(async ({ sleep }) => {
          await sleep(10);
          group.createTask(async (task) => {
            await task.sleep(20);
            group.createTask(async (youngest) => {
              await youngest.sleep(30);
              ended.push("grandchild");
            });
            ended.push("child");
          });
          ended.push("member");
        });
      }),
    );
    expect([ended, now()]).toEqual([["member", "child", "grandchild"], 60]);
  });

  it("LC-3 anyone who holds the group may add members", async () => {
    const { run, taskGroup, sleep, now } = virtualRuntime();
    await run(async () => {
      let group!: TaskGroup;
      const block = taskGroup((scope) => {
        group = scope;
        group.createTask((task) => task.sleep(20));
      });
      await sleep(10);
      const late = group.createTask((task) => task.sleep(90));
      expect(late.state).toBe("pending");
      await block;
      expect(late.state).toBe("done");
    });
    expect(now()).toBe(100);
  });

  it("LC-3 a member that is added by the last step of the last member is waited for", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const value = await run(() =>
      taskGroup((group) => {
        group.createTask(() => void group.createTask(({ sleep }) => sleep(7)));
        return "value";
      }),
    );
    expect([value, now()]).toEqual(["value", 7]);
  });

  it("LC-3 (test_taskgroup_25) members that fork without end are stopped by one failure", async () => {
    const { run, taskGroup, inspectTasks, now } = virtualRuntime();
    let forks = 0;
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          const fork = async ({ sleep }: TaskScope): Promise<void> => {
            forks++;
            await sleep(1);
            group.createTask(fork);
            group.createTask(fork);
            await sleep(1e6);
          };
          group.createTask(fork);
          group.createTask(async ({ sleep }) => {
            await sleep(6.5);
            throw new RangeError("stop");
          });
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([new RangeError("stop")]);
    expect([forks, now(), inspectTasks()]).toEqual([127, 6.5, []]);
  });
});
