import { CancelledError, ExceptionGroup, type TaskGroupOptions, TimeoutError } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";

/** What a group settles with whose only member rejects with `thrown` when it is cancelled from outside with `reason`. */
async function cancelledMember(thrown: (reason: unknown) => unknown, reason: unknown, options: TaskGroupOptions = {}) {
  const { run, taskGroup } = virtualRuntime();
  const outside = new AbortController();
  const outcome = await run(() =>
    outcomeOf(
      taskGroup({ ...options, signal: outside.signal }, async (group) => {
        group.createTask(async ({ sleep }) => {
          try {
            await sleep(1000);
          } catch (error) {
            throw thrown(error);
          }
        });
        await group.sleep(10);
        outside.abort(reason);
      }),
    ),
  );
  return "error" in outcome ? outcome.error : undefined;
}

const stop = new Error("stop");
const named = (properties: object) => Object.assign(new Error("boom"), properties);

describe("section 0, rule 3: a cancellation counts only if somebody asked for it", () => {
  it.each([
    ["the reason itself", stop, (reason: unknown) => reason],
    ["a CancelledError", stop, () => new CancelledError("mine")],
    ["a DOMException named AbortError", stop, () => new DOMException("gone", "AbortError")],
    ["an error with the name AbortError", stop, () => named({ name: "AbortError" })],
    ["a plain object with the name AbortError", stop, () => ({ name: "AbortError" })],
    ["an error with the code ABORT_ERR", stop, () => named({ code: "ABORT_ERR" })],
    ["an error with the code ERR_CANCELED", stop, () => named({ code: "ERR_CANCELED" })],
    ["a primitive reason by identity", 7, () => 7],
    ["a reason of null by identity", null, () => null],
    ["a reason of NaN by identity", Number.NaN, () => Number.NaN],
    ["an empty string as the reason", "", () => ""],
  ])("rule 3 in a cancelled scope, %s is a cancellation", async (_title, reason, thrown) => {
    expect(await cancelledMember(thrown, reason)).toBe(reason);
  });

  it("rule 3 abort(undefined) makes the platform's own reason, which is a cancellation by identity", async () => {
    const error = await cancelledMember((reason) => reason, undefined);
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toHaveProperty("name", "AbortError");
  });

  const throwing = Object.defineProperties(new Error("boom"), {
    name: { get: () => { throw new Error("name"); } }, // prettier-ignore
    code: { get: () => { throw new Error("code"); } }, // prettier-ignore
  });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  it.each([
    ["an error whose cause is the reason", stop, named({ cause: stop })],
    ["an error with the reason's name and message", stop, new Error("stop")],
    ["a TimeoutError", stop, new TimeoutError("late")],
    ["a DOMException named TimeoutError", stop, new DOMException("late", "TimeoutError")],
    ["an error whose cause is an AbortError", stop, named({ cause: new DOMException("", "AbortError") })],
    ["a code of another kind", stop, named({ code: 20 })],
    ["the string AbortError", stop, "AbortError"],
    ["an error whose getters throw", stop, throwing],
    ["a frozen error", stop, Object.freeze(new Error("frozen"))],
    ["undefined when the reason is null", null, undefined],
    ["null when the reason is zero", 0, null],
    ["false when the reason is an empty string", "", false],
    ["a symbol", stop, Symbol("boom")],
    ["a revoked proxy", stop, revoked],
  ])("rule 3 in a cancelled scope, %s is a failure", async (_title, reason, thrown) => {
    const error = (await cancelledMember(() => thrown, reason)) as ExceptionGroup;
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(error.errors.length).toBe(1);
    expect(Object.is(error.errors[0], thrown)).toBe(true);
  });

  it.each([
    ["a CancelledError", new CancelledError("nobody asked")],
    ["a DOMException named AbortError", new DOMException("gone", "AbortError")],
    ["an error with the code ABORT_ERR", named({ code: "ABORT_ERR" })],
    ["an error with the code ERR_CANCELED", named({ code: "ERR_CANCELED" })],
    ["undefined", undefined],
    ["null", null],
  ])("rule 3 in a scope that nobody has cancelled, %s is a failure", async (_title, thrown) => {
    const { run, taskGroup } = virtualRuntime();
    const ofMember = await run(() =>
      errorOf(taskGroup((group) => void group.createTask(() => Promise.reject(thrown)))),
    );
    const ofBody = await run(() => errorOf(taskGroup(() => Promise.reject(thrown))));
    for (const error of [ofMember, ofBody]) {
      expect(error).toBeInstanceOf(ExceptionGroup);
      expect((error as ExceptionGroup).errors).toEqual([thrown]);
    }
  });

  it("rule 3 a failure that races the cancellation is a failure", async () => {
    const { run, taskGroup } = virtualRuntime();
    const outside = new AbortController();
    const boom = new Error("boom");
    const error = (await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, (group) => {
          group.createTask(async ({ sleep }) => {
            await sleep(10);
            outside.abort(stop);
            throw boom;
          });
        }),
      ),
    )) as ExceptionGroup;
    expect([error.errors, error.cause]).toEqual([[boom], stop]);
  });

  it("rule 3 is decided by the task's own scope: a shielded body's AbortError is a failure of the shield", async () => {
    const { run, taskGroup } = virtualRuntime();
    const abort = new DOMException("not mine", "AbortError");
    let ofShield: unknown;
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        ofShield = await errorOf(
          group.shield((shield) => {
            expect(shield.isCancellation(abort)).toBe(false);
            throw abort;
          }),
        );
      }),
    );
    expect(ofShield).toBe(abort);
  });

  it("rule 3 is decided by the task's own scope: a member that was cancelled alone in a live group", async () => {
    const { run, taskGroup } = virtualRuntime();
    const value = await run(() =>
      taskGroup({ memberCancel: true }, async (group) => {
        const fetching = group.createTask(({ sleep }) =>
          sleep(1000).catch(() => Promise.reject(new DOMException("gone", "AbortError"))),
        );
        await group.sleep(1);
        fetching.cancel();
        await group.sleep(1);
        return [fetching.state, group.isCancelled()];
      }),
    );
    expect(value).toEqual(["cancelled", false]);
  });

  it("rule 3 the group's isCancellation is asked with the error and the reason", async () => {
    const copy = new Error("stop");
    const asked: unknown[][] = [];
    const isCancellation = (error: unknown, reason: unknown) => {
      asked.push([error, reason]);
      return error === copy;
    };
    expect(await cancelledMember(() => copy, stop, { isCancellation })).toBe(stop);
    expect(asked).toEqual([[copy, stop]]);
    expect(asked[0]?.[1]).toBe(stop);
  });

  it("rule 3 the adapter's isCancellation is asked too", async () => {
    const copy = new Error("stop");
    const { run, taskGroup } = virtualRuntime({ isCancellation: (error, reason) => error === copy && reason === stop });
    const outside = new AbortController();
    const error = await run(() =>
      errorOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          await group.sleep(1).catch(() => {});
          throw copy;
        }),
      ),
    );
    expect(error).toBe(stop);
  });

  it("rule 3 isCancellation isn't asked about a scope that nobody has cancelled", async () => {
    let asked = 0;
    const isCancellation = () => ++asked > 0;
    const { run, taskGroup } = virtualRuntime({ isCancellation });
    const error = await run(() => errorOf(taskGroup({ isCancellation }, () => Promise.reject(stop))));
    expect(error).toBeInstanceOf(ExceptionGroup);
    expect(asked).toBe(0);
  });

  it("rule 3 an isCancellation that throws loses neither the error nor its own", async () => {
    const boom = new Error("boom");
    const broken = new Error("broken");
    const { run, taskGroup, reports } = virtualRuntime();
    const error = (await run(() =>
      errorOf(
        taskGroup(
          {
            isCancellation: () => {
              throw broken;
            },
          },
          (group) => {
            group.cancel();
            throw boom;
          },
        ),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom]);
    expect(reports.map((report) => report.error)).toEqual([broken]);
  });

  it("rule 3 c.2 #7 a member that replaces the cancellation with an error of its own has failed", async () => {
    const { run, taskGroup } = virtualRuntime();
    const boom = new Error("boom");
    let rollback: Error | undefined;
    const error = (await run(() =>
      errorOf(
        taskGroup((group) => {
          group.createTask(async ({ sleep }) => {
            try {
              await sleep(1000);
            } catch (cause) {
              throw (rollback = new Error("rollback failed", { cause }));
            }
          });
          group.createTask(() => Promise.reject(boom));
        }),
      ),
    )) as ExceptionGroup;
    expect(error.errors).toEqual([boom, rollback]);
    expect((rollback as { cause?: { cause?: unknown } } | undefined)?.cause?.cause).toBe(boom);
  });
});
