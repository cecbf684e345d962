import { type Case, caseOf } from "../../case.ts";
import { equal } from "../../check.ts";
import { pause } from "../pause.ts";

const stop = new Error("stop");

/** SY-3 */
export const asyncEvent: readonly Case[] = [
  caseOf(
    "SY-3",
    "wakes-all",
    "wakes all who wait when it is set, in the order of their coming",
    { needs: ["AsyncEvent"] },
    async (trial) => {
      const event = new trial.api.AsyncEvent();
      const waits = ["a", "b", "c"].map((name) => event.wait(null).then(() => trial.say(name)));
      await pause(5);
      event.set();
      await Promise.all(waits);
      equal(trial.log, ["5 a", "5 b", "5 c"], "the log");
    },
  ),
  caseOf(
    "SY-3",
    "sticky",
    "stays set: whoever comes later doesn't wait",
    { needs: ["AsyncEvent"] },
    async ({ api, clock }) => {
      const event = new api.AsyncEvent();
      event.set();
      event.set();
      await event.wait(null);
      await event.wait(null);
      equal([event.isSet, clock.now()], [true, 0], "isSet and the time");
    },
  ),
  caseOf(
    "SY-3",
    "clear",
    "lets nobody through after clear() until it is set again",
    { needs: ["AsyncEvent"] },
    async (trial) => {
      const event = new trial.api.AsyncEvent();
      event.set();
      event.clear();
      equal(event.isSet, false, "isSet");
      const wait = event.wait(null).then(() => trial.say("through"));
      await pause(5);
      event.set();
      await wait;
      equal(trial.log, ["5 through"], "the log");
    },
  ),
  caseOf(
    "SY-3",
    "set-and-clear",
    "lets through who waited when it was set, although it is cleared before they run",
    { needs: ["AsyncEvent"] },
    async (trial) => {
      const event = new trial.api.AsyncEvent();
      const wait = event.wait(null).then(() => trial.say("through"));
      await pause(0);
      event.set();
      event.clear();
      await wait;
      equal([trial.log, event.isSet], [["0 through"], false], "the log and isSet");
    },
  ),
  caseOf(
    "SY-3",
    "cancelled-waiter",
    "rejects a cancelled waiter with the reason, and wakes the others all the same",
    { needs: ["AsyncEvent"] },
    async (trial) => {
      const event = new trial.api.AsyncEvent();
      const controller = trial.controller();
      const gone = trial.outcome(event.wait(controller.signal));
      const other = event.wait(null);
      await pause(0);
      controller.abort(stop);
      equal(await gone, { error: stop }, "the cancelled wait");
      event.set();
      await other;
    },
  ),
];
