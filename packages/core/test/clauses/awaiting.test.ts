import type { ExceptionGroup, Task } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { unhandledDuring } from "./unhandled.ts";

const failuresOf = (error: unknown): unknown[] =>
  (error as ExceptionGroup).failures.map(({ error: leaf, task, also }) => [
    leaf,
    task?.name,
    also.map(({ name }) => name),
  ]);

describe("ME-9 awaiting a member", () => {
  it("ME-9 delivers its own value", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await run(() =>
      taskGroup(async (group) => {
        const task = group.createTask(({ sleep }) => sleep(10).then(() => "value"));
        const sibling = group.createTask(() => task.then((value) => `sibling got ${value}`));
        return [await task, await task, await sibling];
      }),
    );
    expect(seen).toEqual(["value", "value", "sibling got value"]);
  });

  it("ME-9 delivers its own error, not the cancellation that it causes", async () => {
    const { run, taskGroup } = virtualRuntime();
    const boom = new Error("boom");
    const seen: unknown[] = [];
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          const task = group.createTask(({ sleep }) => sleep(10).then(() => Promise.reject(boom)), { name: "bad" });
          group.createTask(async () => void seen.push(await errorOf(task)));
          seen.push(await errorOf(task));
        }),
      ),
    );
    expect(seen).toEqual([boom, boom]);
    expect(failuresOf(error)).toEqual([[boom, "bad", []]]);
  });

  it("ME-9 a body that catches the error of its member doesn't unmake the failure", async () => {
    const { run, taskGroup } = virtualRuntime();
    const boom = new Error("boom");
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          await outcomeOf(group.createTask(() => Promise.reject(boom)));
          return "value";
        }),
      ),
    );
    expect((error as ExceptionGroup).errors).toEqual([boom]);
  });
});

describe("ME-9 one error object is one leaf", () => {
  it("ME-9 a body that rethrows what it awaited adds nothing", async () => {
    const { run, taskGroup } = virtualRuntime();
    const boom = new Error("boom");
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          await group.createTask(() => Promise.reject(boom), { name: "bad" });
        }),
      ),
    );
    expect(failuresOf(error)).toEqual([[boom, "bad", []]]);
  });

  it("ME-9 ten members that await one cached rejected connection: the first is named, the others are in `also`", async () => {
    const { run, taskGroup } = virtualRuntime();
    const lost = new Error("connection lost");
    const connection = Promise.reject(lost);
    const error = await errorOf(
      run(() =>
        taskGroup((group) => {
          for (let n = 0; n < 10; n++) group.createTask(async () => await connection, { name: `m${n}` });
        }),
      ),
    );
    expect(failuresOf(error)).toEqual([[lost, "m0", ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9"]]]);
    expect((error as Error).message).toMatch(/\(1 sub-exception\)$/);
  });

  it("ME-9 `also` entries are whole task infos", async () => {
    const { run, taskGroup } = virtualRuntime();
    const boom = new Error("boom");
    let second!: Task<never>;
    const error = await errorOf(
      run(() =>
        taskGroup({ name: "g", failFast: false }, (group) => {
          group.createTask(() => Promise.reject(boom));
          second = group.createTask(() => Promise.reject(boom));
        }),
      ),
    );
    const { id, name, path } = second;
    expect((error as ExceptionGroup).failures[0]?.also).toEqual([{ id, name, path }]);
  });

  it("ME-9 a member, the body and a cleanup that end with one error object are one leaf", async () => {
    const { run, taskGroup } = virtualRuntime();
    const boom = Object.freeze({ a: "plain object" });
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          group.defer(() => Promise.reject(boom));
          group.createTask(() => Promise.reject(boom), { name: "bad" });
          await group.sleep(1).catch(() => {});
          throw boom;
        }),
      ),
    );
    expect(failuresOf(error)).toEqual([[boom, "bad", []]]);
  });

  it("ME-9 equal but distinct objects are leaves of their own", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup({ failFast: false }, (group) => {
          for (const name of ["a", "b"]) group.createTask(() => Promise.reject(new Error("same text")), { name });
        }),
      ),
    );
    expect(failuresOf(error)).toEqual([
      [new Error("same text"), "a", []],
      [new Error("same text"), "b", []],
    ]);
  });

  it.each(["timeout", "", 0, null, undefined, Number.NaN, false])(
    "ME-9 primitives are separate leaves: two members that throw %s",
    async (thrown) => {
      const { run, taskGroup } = virtualRuntime();
      const error = await errorOf(
        run(() =>
          taskGroup({ failFast: false }, (group) => {
            for (const name of ["a", "b"]) group.createTask(() => Promise.reject(thrown), { name });
          }),
        ),
      );
      expect(failuresOf(error)).toEqual([
        [thrown, "a", []],
        [thrown, "b", []],
      ]);
    },
  );

  it.each(["timeout", undefined, null, 0])(
    "ME-9 unless that member's handle was awaited: %s of a member, and of a sibling and a body that rethrow it, is one leaf",
    async (thrown) => {
      const { run, taskGroup } = virtualRuntime();
      const error = await errorOf(
        run(() =>
          taskGroup(async (group) => {
            const bad = group.createTask(() => Promise.reject(thrown), { name: "bad" });
            group.createTask(async () => await bad, { name: "sibling" });
            await bad;
          }),
        ),
      );
      expect(failuresOf(error)).toEqual([[thrown, "bad", ["sibling"]]]);
    },
  );

  it("ME-9 a body that throws the same primitive without having awaited the member fails on its own", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await errorOf(
      run(() =>
        taskGroup(async (group) => {
          group.createTask(() => Promise.reject("timeout"), { name: "bad" });
          await group.sleep(1).catch(() => {});
          throw "timeout";
        }),
      ),
    );
    expect(failuresOf(error)).toEqual([
      ["timeout", "bad", []],
      ["timeout", undefined, []],
    ]);
  });

  it("ME-9 awaiting raises no unhandled rejection for an error that the group reports", async () => {
    const { run, taskGroup } = virtualRuntime();
    const seen = await unhandledDuring(() =>
      outcomeOf(
        run(() =>
          taskGroup(async (group) => {
            const bad = group.createTask(() => Promise.reject(new Error("boom")));
            group.createTask(async () => await bad);
            group.createTask(async () => await bad);
            await bad;
          }),
        ),
      ),
    );
    expect(seen).toEqual([]);
  });
});
