import type { Scope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf, same } from "../check.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const stop = new Error("stop");

/** As a scope of another library, or of another copy of this one, looks from outside: a signal is all that is known. */
function foreign({ signal }: AbortController): Scope {
  return { name: "foreign", signal } as unknown as Scope;
}

/** DX-8 */
export const foreignScopes: readonly Case[] = [
  caseOf(
    "DX-8",
    "foreign-parent",
    "is cancelled by the signal of a foreign scope that is given as parent, with its reason, and drains",
    { needs: ["option.parent"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const error = await rejectionOf(
        trial.api.taskGroup({ parent: foreign(controller) }, (group) => {
          group.createTask(linger(trial, "member", 5));
        }),
      );
      same(error, stop, "the error");
      equal(trial.clock.now(), 15, "the time");
    },
  ),
  caseOf(
    "DX-8",
    "aborted-foreign-parent",
    "starts no member under a foreign scope that is cancelled already",
    { needs: ["option.parent"] },
    async (trial) => {
      const controller = trial.controller();
      controller.abort(stop);
      let isStarted = false;
      const group = trial.api.taskGroup({ parent: foreign(controller) }, ({ createTask }) => {
        createTask(() => void (isStarted = true));
      });
      same(await rejectionOf(group), stop, "the error");
      check(!isStarted, "no member should start");
    },
  ),
  caseOf(
    "DX-8",
    "foreign-parent-let-go",
    "leaves no listener on the signal of a foreign parent",
    { needs: ["option.parent"] },
    async (trial) => {
      const controller = trial.controller();
      await trial.api.taskGroup({ parent: foreign(controller) }, ({ createTask }) => {
        createTask(() => pause(5));
      });
      equal(controller.listeners, 0, "the number of listeners");
    },
  ),
  caseOf(
    "DX-8",
    "foreign-wait",
    "waits for a foreign scope in sleep(), by its signal",
    { needs: ["sleep"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      same(await rejectionOf(trial.api.sleep(1000, foreign(controller))), stop, "the error");
      equal(trial.clock.now(), 10, "the time");
    },
  ),
  caseOf(
    "DX-8",
    "foreign-waiter",
    "waits for a foreign scope at a semaphore, by its signal",
    { needs: ["Semaphore"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const semaphore = new trial.api.Semaphore(0);
      same(await rejectionOf(semaphore.acquire(foreign(controller))), stop, "the error");
    },
  ),
  caseOf(
    "DX-8",
    "foreign-cancelled-error",
    "takes another copy's CancelledError in a cancelled scope for its cancellation",
    { needs: ["group.cancel"] },
    async ({ api }) => {
      // What any copy's has: the name and the code.
      const theirs = Object.assign(new Error("theirs"), { name: "AbortError", code: "COHORT_CANCELLED" });
      const value = await api.taskGroup((group) => {
        group.createTask(async () => {
          group.cancel();
          throw theirs;
        });
        return "fine";
      });
      equal(value, "fine");
    },
  ),
];
