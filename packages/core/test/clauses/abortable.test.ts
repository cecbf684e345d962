import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { gate } from "./gate.ts";
import { unhandledDuring } from "./unhandled.ts";

const boom = new Error("boom");
const stop = new Error("stop");

describe("CA-10 abortable", () => {
  it("CA-10 abortable rejects with the reason as soon as the scope is cancelled", async () => {
    const { run, taskGroup, now } = virtualRuntime();
    const outside = new AbortController();
    await run(() =>
      outcomeOf(
        taskGroup({ signal: outside.signal }, async (group) => {
          group.createTask(({ sleep }) => sleep(10).then(() => outside.abort(stop)));
          const error = await errorOf(group.abortable(new Promise(() => {})));
          expect([error, now()]).toEqual([stop, 10]);
        }),
      ),
    );
    expect.assertions(1);
  });

  it("CA-10 the promise's later rejection is not unhandled", async () => {
    const { run, taskGroup } = virtualRuntime();
    const late = gate();
    const seen = await unhandledDuring(() =>
      run(async () => {
        await taskGroup(async (group) => {
          group.cancel();
          await group.abortable(late.promise).catch(() => {});
        });
        late.fail(boom);
      }),
    );
    expect(seen).toEqual([]);
  });

  it("CA-10 abortable passes on the value or the error of a promise that settles first", async () => {
    const { run, taskGroup, abortable } = virtualRuntime();
    await run(() =>
      taskGroup(async (group) => {
        expect(await group.abortable(Promise.resolve(7))).toBe(7);
        expect(await errorOf(group.abortable(Promise.reject(boom)))).toBe(boom);
        expect(await abortable(Promise.resolve(7), group)).toBe(7);
        expect(await errorOf(abortable(new Promise(() => {}), AbortSignal.abort(null)))).toBe(null);
      }),
    );
  });
});
