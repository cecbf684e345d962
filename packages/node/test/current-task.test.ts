import "@cohort/node/task-context";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { currentTask, detach, InvalidStateError, taskGroup } from "@cohort/node";
import { run } from "./child.ts";

const here = (): string | undefined => currentTask()?.name;

describe("DX-3 currentTask()", () => {
  it("DX-3 is undefined outside any task, in the body of a group too", async () => {
    expect(currentTask()).toBeUndefined();
    await taskGroup(async (group) => {
      expect(currentTask()).toBeUndefined();
      await group.createTask(() => {});
      expect(currentTask()).toBeUndefined();
    });
    expect(currentTask()).toBeUndefined();
  });

  it("DX-3 gives the info of the task: id, name and path", async () => {
    await taskGroup({ name: "g" }, (group) => {
      const task = group.createTask(
        (scope) => {
          expect(currentTask()).toMatchObject({ id: scope.id, name: "a", path: ["g", "a"] });
          expect(currentTask()).not.toHaveProperty("then");
        },
        { name: "a" },
      );
      expect(task.name).toBe("a");
    });
  });

  it("DX-3 holds across awaits, timers, immediates, microtasks and callbacks", async () => {
    const seen: unknown[] = [];
    await taskGroup(async (group) => {
      for (const name of ["a", "b"]) {
        group.createTask(
          async ({ sleep, abortable }) => {
            await Promise.resolve();
            seen.push(name === here());
            await sleep(1);
            seen.push(name === here());
            await abortable(delay(1));
            seen.push(name === here());
            await turn();
            seen.push(name === here());
            await new Promise<void>((resolve) => {
              queueMicrotask(() => {
                seen.push(name === here());
                process.nextTick(() => {
                  seen.push(name === here());
                  resolve();
                });
              });
            });
          },
          { name },
        );
      }
    });
    expect(seen).toEqual(Array.from({ length: 12 }, () => true));
  });

  it("DX-3 in a nested group: the member inside, the enclosing task in its body and after it", async () => {
    const seen: unknown[] = [];
    await taskGroup((group) => {
      group.createTask(
        async (task) => {
          await task.taskGroup((inner) => {
            seen.push(here());
            inner.createTask(() => seen.push(here()), { name: "inside" });
          });
          seen.push(here());
          await task.failAfter(1000, () => seen.push(here()));
          await task.shield(() => seen.push(here()));
        },
        { name: "outside" },
      );
    });
    expect(seen).toEqual(["outside", "inside", "outside", "outside", "outside"]);
  });

  it("DX-3 in an eager task, in one that waited for a slot, in one started by start() and in a detached one", async () => {
    const seen: unknown[] = [];
    const see = (): void => void seen.push(here());
    await taskGroup({ limit: 1 }, async (group) => {
      group.createTask(see, { name: "eager", eager: true });
      seen.push(here());
      group.createTask(() => turn(), { name: "first" });
      group.createTask(see, { name: "queued" });
      await group.start(
        (_task, started) => {
          see();
          started();
        },
        { name: "service" },
      );
      seen.push(here());
    });
    await detach(see, { name: "alone" });
    seen.push(here());
    expect(seen).toEqual(["eager", undefined, "queued", "service", undefined, "alone", undefined]);
  });

  it("DX-3 a task that another task created is itself, not its creator", async () => {
    const seen: (string | undefined)[] = [];
    await taskGroup((group) => {
      group.createTask(
        async () => {
          group.createTask(() => seen.push(here()), { name: "child" });
          group.createTask(() => seen.push(here()), { name: "eager child", eager: true });
          seen.push(here());
          await detach(() => seen.push(here()), { name: "detached child" });
          seen.push(here());
        },
        { name: "creator" },
      );
    });
    expect(seen.map(String).sort()).toEqual(["child", "creator", "creator", "detached child", "eager child"]);
  });

  it("DX-3 in cleanups there is no current task of somebody else", async () => {
    let seen: string | undefined = "unset";
    await taskGroup((group) => {
      group.defer(() => void (seen = here()));
      group.createTask(() => turn(), { name: "last to end" });
    });
    expect(seen).toBeUndefined();
  });

  it("DX-3 two hundred tasks at once each know themselves", async () => {
    let wrong = 0;
    await taskGroup({ limit: 7 }, (group) => {
      for (let i = 0; i < 200; i++) {
        group.createTask(
          async ({ sleep }) => {
            for (let round = 0; round < 3; round++) {
              await sleep(i % 3);
              if (here() !== `t${i}`) wrong++;
            }
          },
          { name: `t${i}` },
        );
      }
    });
    expect(wrong).toBe(0);
  });
});

describe("DX-3 turning the tracking on", () => {
  it("DX-3 asked when tasks run already, it says undefined for those (never wrong), once aloud, and knows later ones", async () => {
    const { stdout, stderr } = await run("current-task", "asked late");
    expect(stdout.trimEnd().split("\n").sort()).toEqual([
      "body again: undefined",
      "body: undefined",
      "early: undefined",
      "late: late",
    ]);
    expect(stderr.split("@cohort/node/task-context").length - 1).toBe(1);
  });

  it("DX-3 asked before any task runs, it knows all, and says nothing", async () => {
    const { stdout, stderr } = await run("current-task", "asked first");
    expect([stdout, stderr]).toEqual(["before: undefined\nmember: member\n", ""]);
  });

  it("DX-3 the entry @cohort/node/task-context makes it known from the start", async () => {
    const { stdout, stderr } = await run("context-first");
    expect([stdout, stderr]).toEqual(["early\n", ""]);
  });

  it("DX-3 a program's own AsyncLocalStorage is left alone", async () => {
    const { stdout, stderr } = await run("current-task", "never asked");
    expect([stdout, stderr]).toEqual(["mine\n", ""]);
  });
});

describe("ME-10 a task awaiting itself", () => {
  it("ME-10 is an InvalidStateError, not a deadlock", async () => {
    const errors: unknown[] = [];
    await taskGroup((group) => {
      const task = group.createTask(async () => {
        try {
          await task;
        } catch (error) {
          errors.push(error);
        }
        return 7;
      });
    });
    expect(errors).toEqual([expect.any(InvalidStateError)]);
  });

  it("ME-10 uncaught, it is the task's own failure", async () => {
    const error = await taskGroup((group) => {
      const task: PromiseLike<unknown> = group.createTask(async () => void (await task), { name: "ouroboros" });
    }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      errors: [{ name: "InvalidStateError" }],
      failures: [{ task: { name: "ouroboros" } }],
    });
  });

  it("ME-10 through Promise.all, then(), catch() and finally() too, and after awaits", async () => {
    await taskGroup((group) => {
      const task = group.createTask(async () => {
        await turn();
        for (const wait of [
          () => Promise.all([task]),
          () => task.then(() => {}),
          () => task.catch((error: unknown) => Promise.reject(error)),
          () => task.finally(() => {}),
        ]) {
          await expect(wait()).rejects.toBeInstanceOf(InvalidStateError);
        }
      });
    });
  });

  it("ME-10 awaiting another task, and oneself when one has ended, works", async () => {
    await taskGroup(async (group) => {
      const other = group.createTask(() => turn("other"));
      const task = group.createTask(async () => await other);
      expect(await task).toBe("other");
      expect(await other).toBe("other");
    });
  });
});
