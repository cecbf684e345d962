import { ExceptionGroup, type GroupPolicy, KeyboardInterrupt, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

const boom = new Error("boom");
const stop = new Error("stop");
const policy: Required<GroupPolicy<string>> = {
  onSettled: () => "continue",
  result: (value, failures) => `${String(value)} and ${failures.length} failures`,
};

describe("OUT under a policy (CO-7)", () => {
  it("OUT-5 is replaced: the result is made of the body's value", async () => {
    const { run, taskGroup } = virtualRuntime();
    expect(await run(() => taskGroup({ policy }, () => 7))).toBe("7 and 0 failures");
  });

  it("OUT-5 is replaced: the value is undefined when the body ended by group.cancel()", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup({ policy }, (group) => {
        group.cancel();
        return group.sleep(1);
      }),
    );
    expect(value).toBe("undefined and 0 failures");
  });

  it("OUT-2 is replaced: the failures are given to the policy, in the order of the group", async () => {
    const { run, taskGroup } = virtualRuntime();
    let errors: unknown[] = [];
    const value = await run(() =>
      taskGroup(
        {
          policy: {
            onSettled: () => "continue",
            result: (_value, failures) => (errors = failures.map((f) => f.error)),
          },
        },
        async (group) => {
          group.createTask(() => Promise.reject(boom));
          await group.idle();
          throw stop;
        },
      ),
    );
    expect([value, errors]).toEqual([
      [boom, stop],
      [boom, stop],
    ]);
  });

  it("OUT-2 is not replaced by a policy without result()", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await run(() =>
      errorOf(
        taskGroup(
          { policy: { onSettled: () => "continue" } },
          (group) => void group.createTask(() => Promise.reject(boom)),
        ),
      ),
    );
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect((error as ExceptionGroup).errors).toEqual([boom]);
  });

  it("OUT-1 stands: a KeyboardInterrupt comes out bare", async () => {
    const { run, taskGroup } = virtualRuntime();
    const fatal = new KeyboardInterrupt();
    const error = await run(() =>
      errorOf(taskGroup({ policy }, (group) => void group.createTask(() => Promise.reject(fatal)))),
    );
    expect(error).toBe(fatal);
  });

  it("OUT-3 stands: an outside reason comes out, the policy isn't asked for a result", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const outcome = await run(() =>
      outcomeOf(
        taskGroup({ policy, signal: outside.signal }, (group) => {
          group.createTask(({ sleep }) => sleep(1000));
          outside.abort(stop);
        }),
      ),
    );
    expect(outcome).toEqual({ error: stop });
  });

  it("OUT-4 stands: a TimeoutError comes out", async () => {
    const { run, taskGroup } = virtualRuntime();
    const error = await run(() =>
      errorOf(taskGroup({ policy, timeout: 10 }, (group) => void group.createTask(({ sleep }) => sleep(1000)))),
    );
    expect(error).toBeInstanceOf(TimeoutError);
  });

  it("OUT-2 is replaced also when the group was cancelled from outside", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const value = await run(() =>
      taskGroup({ policy, signal: outside.signal }, () => {
        outside.abort(stop);
        throw boom;
      }),
    ).catch((error: unknown) => error);
    expect(value).toBe("undefined and 1 failures");
  });
});
