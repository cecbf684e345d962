import { InvalidStateError, type Scope } from "@cohort/core";
import { describe, expect, it } from "vitest";
import { watchedSignal } from "../clauses/watched-signal.ts";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";
import { sorts, stop } from "./scope-sorts.ts";
import { statesOf, track, turn } from "./track.ts";
import { handedOn, meetable, waits } from "./waits.ts";

describe.each(waits)("LI-2 %s", (name, _waitsFor, make) => {
  it.each([undefined, {}, 7, "task", () => {}, Symbol("task")])(
    "SY for %o it rejects with a TypeError that asks for whom",
    async (scope) => {
      const { wait, give } = make();
      const error = await errorOf(wait(scope as never));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toContain("for whom you wait: a scope, an AbortSignal or null");
      const next = track(wait(null));
      give();
      expect(await statesOf([next])).toEqual(["fulfilled"]);
    },
  );

  it("SY for null one waits whatever happens", async () => {
    const { wait, give } = make();
    const waiting = track(wait(null));
    expect(await statesOf([waiting])).toEqual(["waiting"]);
    give();
    expect(await statesOf([waiting])).toEqual(["fulfilled"]);
  });

  it("LI-2 for a scope that has ended it rejects with an InvalidStateError", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { wait } = make();
    let ended: Scope | undefined;
    await run(() => taskGroup((group) => void (ended = group)));
    expect(await errorOf(wait(ended as Scope))).toBeInstanceOf(InvalidStateError);
  });

  describe.each(sorts)("for %s", (_sort, sort) => {
    it("LI-2 cancelled while it waits it rejects with the reason, and leaves nobody and nothing behind", async () => {
      const { wait, give } = make();
      const { scope, cancel, listening } = sort(virtualRuntime());
      const cancelled = track(wait(scope));
      await turn();
      cancel();
      expect([await statesOf([cancelled]), cancelled.error, listening()]).toEqual([["rejected"], stop, 0]);
      const next = track(wait(null));
      give();
      expect(await statesOf([next])).toEqual(["fulfilled"]);
    });

    it("LI-2 with a falsy reason as with any other", async () => {
      const { wait } = make();
      const controller = new AbortController();
      const waiting = track(wait(controller.signal));
      controller.abort(null);
      expect([await statesOf([waiting]), waiting.error]).toEqual([["rejected"], null]);
    });

    it("LI-2 cancelled it rejects with the reason before it waits", async () => {
      const { wait } = make();
      const { scope, cancel } = sort(virtualRuntime());
      cancel();
      expect(await errorOf(wait(scope))).toBe(stop);
    });

    it("LI-2 handed over, then cancelled in the same turn: it is delivered, and the next wait fails", async () => {
      const { wait, give } = make();
      const { scope, cancel, listening } = sort(virtualRuntime());
      const waiting = track(wait(scope));
      await turn();
      give();
      // A function that is to be called is called by the next turn: a cancellation before it comes before it.
      if (name !== "Semaphore.run") cancel();
      expect([await statesOf([waiting]), listening()]).toEqual([["fulfilled"], 0]);
      cancel();
      expect(await errorOf(wait(scope))).toBe(stop);
    });
  });
});

describe.each(meetable)("LI-2 %s that could be met at once", (_name, _waitsFor, make) => {
  it.each(sorts)("LI-2 rejects all the same if %s is cancelled, and takes nothing", async (_sort, sort) => {
    const { wait, give } = make();
    const { scope, cancel } = sort(virtualRuntime());
    give();
    cancel();
    expect(await errorOf(wait(scope))).toBe(stop);
    expect(await statesOf([track(wait(null))])).toEqual(["fulfilled"]);
  });
});

describe.each(handedOn)("LI-2 %s, several waiting", (_name, _waitsFor, make) => {
  it.each(sorts)(
    "LI-2 cancelled, then handed over in the same turn: %s is skipped, the next gets it",
    async (_sort, sort) => {
      const { wait, give } = make();
      const { scope, cancel, listening } = sort(virtualRuntime());
      const both = [track(wait(scope)), track(wait(null))];
      await turn();
      cancel();
      give();
      expect([await statesOf(both), both[0]?.error, listening()]).toEqual([["rejected", "fulfilled"], stop, 0]);
    },
  );

  it("LI-2 what is handed over while a cancellation goes round skips whoever is cancelled but not told yet", async () => {
    const { run, taskGroup } = virtualRuntime();
    const { wait, give } = make();
    await run(() =>
      taskGroup(async (group) => {
        // Told first, since it was created first.
        group.createTask((task) => {
          task.onCancel(give);
          return errorOf(task.sleep(1000));
        });
        const late = group.createTask((task) => errorOf(wait(task)));
        await group.sleep(1);
        const next = wait(null);
        group.cancel();
        expect(await late).toBe(group.reason);
        await next;
      }),
    );
  });

  it("LI-2 of many in one scope all are told of its cancellation, and what comes then is for the others", async () => {
    const { wait, give } = make();
    const { signal, abort, listening, added } = watchedSignal();
    const cancelled = Array.from({ length: 50 }, () => track(wait(signal)));
    const other = track(wait(null));
    await turn();
    expect([listening(), added()]).toEqual([1, 1]);
    abort(stop);
    give();
    expect(new Set(await statesOf(cancelled))).toEqual(new Set(["rejected"]));
    expect([await statesOf([other]), listening()]).toEqual([["fulfilled"], 0]);
  });
});
