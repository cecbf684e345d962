import {
  type BaseExceptionGroup,
  ExceptionGroup,
  KeyboardInterrupt,
  onlyError,
  SystemExit,
  TimeoutError,
} from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");
const stop = new Error("stop");

/** The group that comes out when each of these is what a member rejects with. */
async function groupOf(thrown: readonly unknown[], name = "g"): Promise<ExceptionGroup> {
  const { run, taskGroup } = virtualRuntime();
  const error = await run(() =>
    errorOf(
      taskGroup({ name }, (group) => {
        for (const [n, value] of thrown.entries()) {
          group.createTask(() => Promise.reject(value), { name: `member-${n}` });
        }
      }),
    ),
  );
  return error as ExceptionGroup;
}

const throwing = Object.defineProperties(new Error("hidden"), {
  message: {
    get: () => {
      throw new Error("message");
    },
  },
  stack: {
    get: () => {
      throw new Error("stack");
    },
  },
  name: {
    get: () => {
      throw new Error("name");
    },
  },
  then: {
    get: () => {
      throw new Error("then");
    },
  },
});
const frozen = Object.freeze(new Error("frozen"));

describe("ER what comes out", () => {
  it("ER-1 c.2 #10 one failure comes out as a group too, and onlyError unwraps it", async () => {
    const error = await groupOf([boom]);
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(error.errors).toEqual([boom]);
    expect(onlyError(error)).toBe(boom);
  });

  it("ER-1 the message names the group and counts its members", async () => {
    expect((await groupOf([boom], "fetch all")).message).toBe(
      'unhandled errors in TaskGroup "fetch all" (1 sub-exception)',
    );
    expect((await groupOf([boom, stop], "fetch all")).message).toBe(
      'unhandled errors in TaskGroup "fetch all" (2 sub-exceptions)',
    );
  });

  it("ER-1 nested groups aren't flattened, three deep", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup(
          { name: "a" },
          (a) =>
            void a.createTask((task) =>
              task.taskGroup({ name: "b" }, (b) =>
                b.taskGroup({ name: "c" }, (c) => void c.createTask(() => Promise.reject(boom), { name: "leaf" })),
              ),
            ),
        ),
      ),
    )) as BaseExceptionGroup;
    const second = error.errors[0] as BaseExceptionGroup;
    const third = second.errors[0] as BaseExceptionGroup;
    expect([error, second, third].map(({ message }) => message)).toEqual(
      ["a", "b", "c"].map((name) => `unhandled errors in TaskGroup "${name}" (1 sub-exception)`),
    );
    expect(third.errors).toEqual([boom]);
    expect(onlyError(error)).toBe(boom);
  });

  it("ER-2 failures say which task failed, in the order of errors", async () => {
    const error = await groupOf([boom, stop]);
    expect(error.failures.map((failure) => failure.error)).toEqual(error.errors);
    expect(error.failures.map(({ task }) => [task?.name, task?.path, typeof task?.id])).toEqual([
      ["member-0", ["g", "member-0"], "number"],
      ["member-1", ["g", "member-1"], "number"],
    ]);
  });

  it("ER-2 failures survive split and subgroup", async () => {
    const error = await groupOf([boom, new TypeError("t"), stop, 7, 7]);
    const [types, rest] = error.split(TypeError);
    const numbers = error.subgroup((leaf) => leaf === 7);
    const names = (group: BaseExceptionGroup | undefined) => group?.failures.map(({ task }) => task?.name);
    expect([names(types), names(rest), names(numbers)]).toEqual([
      ["member-1"],
      ["member-0", "member-2", "member-3", "member-4"],
      ["member-3", "member-4"],
    ]);
  });

  it("ER-2 failures survive a split of a group within a group", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup({ failFast: false, name: "outer" }, (outer) => {
          outer.createTask(
            (task) =>
              task.taskGroup({ failFast: false, name: "inner" }, (inner) => {
                inner.createTask(() => Promise.reject(new TypeError("t")), { name: "typed" });
                inner.createTask(() => Promise.reject(boom), { name: "plain" });
              }),
            { name: "member" },
          );
        }),
      ),
    )) as BaseExceptionGroup;
    const leaves = [...(error.subgroup(TypeError) as BaseExceptionGroup).leaves()];
    expect(leaves.map(({ path }) => path)).toEqual([["outer", "member", "inner", "typed"]]);
  });

  it.each([
    ["a frozen error", frozen],
    ["an error whose getters throw", throwing],
    ["a sealed object", Object.seal({})],
    ["an object without a prototype", Object.create(null)],
    ["a function", () => {}],
    ["a symbol", Symbol("s")],
    ["a bigint", 7n],
  ])("ER-2 %s keeps its task and isn't mutated", async (_title, thrown) => {
    const before = Object(thrown) === thrown ? Reflect.ownKeys(thrown as object) : [];
    const error = await groupOf([thrown]);
    expect(Object.is(error.errors[0], thrown)).toBe(true);
    expect(error.failures[0]?.task?.name).toBe("member-0");
    expect(Object(thrown) === thrown ? Reflect.ownKeys(thrown as object) : []).toEqual(before);
  });

  it("ER-2 no user error is mutated, by the failure, the cause or the reason", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const [member, body, reason] = ["member", "body", "reason"].map((text) => new Error(text));
    const snapshot = () =>
      [member, body, reason].map((error) =>
        Reflect.ownKeys(error as Error)
          .map(String)
          .sort(),
      );
    const before = snapshot();
    await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask(({ sleep }) => sleep(10).catch(() => Promise.reject(member)));
          await group.sleep(1);
          outside.abort(reason);
          throw body;
        }),
      ),
    );
    expect(snapshot()).toEqual(before);
  });

  it.each([undefined, null, 0, "", false, Number.NaN, -0, "boom"])("ER-3 throwing %j is a failure", async (thrown) => {
    const ofMember = await groupOf([thrown]);
    const { run, taskGroup } = virtualRuntime();
    const ofBody = (await run(() =>
      errorOf(
        taskGroup(() => {
          throw thrown;
        }),
      ),
    )) as ExceptionGroup;
    for (const error of [ofMember, ofBody]) {
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect(error.errors.length).toBe(1);
      expect(Object.is(error.errors[0], thrown)).toBe(true);
    }
  });

  it("ER-3 the same primitive thrown by several members is several failures", async () => {
    expect((await groupOf([undefined, undefined, "", ""])).errors).toEqual([undefined, undefined, "", ""]);
  });

  it("ER-3 ME-9 the same error object thrown by several members and the body is one failure that lists them", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup(async (group) => {
          for (const name of ["a", "b", "c"]) group.createTask(() => Promise.reject(boom), { name });
          await group.sleep(1).catch(() => {});
          throw boom;
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom]);
    expect(error.failures.map(({ task, also }) => [task?.name, also.map((other) => other.name)])).toEqual([
      ["a", ["b", "c"]],
    ]);
  });

  it("ER-4 c.2 #1 a failure at the same instant as an outside cancel: the group wins, the outer cancel survives", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    let inner: unknown;
    let after: unknown;
    const outcome = await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal }, async (outer) => {
          inner = await errorOf(
            outer.taskGroup((group) => {
              group.createTask(async ({ sleep }) => {
                await sleep(10);
                outside.abort(stop);
                throw boom;
              });
            }),
          );
          after = await errorOf(outer.sleep(1));
        }),
      ),
    );
    expect((inner as ExceptionGroup).errors).toEqual([boom]);
    expect((inner as ExceptionGroup).cause).toBe(stop);
    expect([after, outcome]).toEqual([stop, { error: stop }]);
  });

  it("ER-4 the group wins over a deadline, whose TimeoutError is then its cause", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup({ timeout: 10 }, (group) => {
          group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(boom)));
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom]);
    expect(error.cause).toBeInstanceOf(TimeoutError);
  });

  it("ER-4 a group within failAfter wins over the expiry", async () => {
    const { run, failAfter } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        failAfter(10, (scope) =>
          scope.taskGroup((group) => {
            group.createTask(({ sleep }) => sleep(1000).catch(() => Promise.reject(boom)));
          }),
        ),
      ),
    )) as ExceptionGroup;
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(error.errors).toEqual([boom]);
  });

  it.each([
    ["KeyboardInterrupt", new KeyboardInterrupt()],
    ["SystemExit", new SystemExit(3)],
  ])("ER-5 a %s from a member or the body cancels and drains the group, then comes out bare", async (_title, fatal) => {
    for (const from of ["member", "body"]) {
      const { run, taskGroup, now } = virtualRuntime();
      let isDrained = false;
      const error = await run(() =>
        errorOf(
          taskGroup(async (group) => {
            group.createTask(async (task) => {
              await task.sleep(1000).catch(() => {});
              await task.shield(({ sleep }) => sleep(40));
              isDrained = true;
            });
            if (from === "member") group.createTask(({ sleep }) => sleep(1).then(() => Promise.reject(fatal)));
            await group.sleep(from === "member" ? 1000 : 1);
            throw fatal;
          }),
        ),
      );
      expect(error).toBe(fatal);
      expect([isDrained, now()]).toEqual([true, 41]);
    }
  });

  it("ER-5 a KeyboardInterrupt that comes after the other errors comes out bare all the same", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const fatal = new KeyboardInterrupt();
    const error = await run(() =>
      errorOf(
        taskGroup(async (group) => {
          group.createTask(() => Promise.reject(boom));
          group.defer(() => {
            throw fatal;
          });
        }),
      ),
    );
    expect([error, reports.map((report) => report.error)]).toEqual([fatal, [boom]]);
  });

  it("ER-6 no unhandled rejection is raised for what the group reports", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(() =>
        errorOf(
          taskGroup(async (group) => {
            const rejected = Promise.reject(boom);
            const tasks = [
              group.createTask(() => rejected),
              group.createTask(() => Promise.reject(new Error("unawaited"))),
              group.createTask(() => {
                throw new Error("synchronous");
              }),
            ];
            void tasks[1]?.then(() => {});
            void tasks[2]?.finally(() => {});
            void group.createTask(({ sleep }) => sleep(1000)).then(() => {});
            await group.sleep(1000).catch(() => {});
            throw new Error("body");
          }),
        ),
      ),
    );
    expect(seen).toEqual([]);
  });

  it("ER-6 no unhandled rejection is raised for failures that go to onFailure, or of a policy", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      run(async () => {
        await taskGroup({ onFailure: () => {} }, (group) => void group.createTask(() => Promise.reject(boom)));
        await taskGroup({ policy: { onSettled: () => "close", result: () => 7 } }, (group) => {
          group.createTask(() => Promise.reject(boom));
        });
      }),
    );
    expect(seen).toEqual([]);
  });
});
