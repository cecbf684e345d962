import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { install } from "./installed.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");
const stop = new Error("stop");

function failing(ms: number, error: unknown): () => Promise<never> {
  return async () => {
    await pause(ms);
    throw error;
  };
}

/** CO-3 */
export const firstSuccess: readonly Case[] = [
  caseOf(
    "CO-3",
    "wins",
    "gives the first value that any function gives",
    { needs: ["firstSuccess"] },
    async (trial) => {
      const { api, clock } = trial;
      const value = await api.firstSuccess([
        failing(5, boom),
        (task) => trial.sleep(task, 1000).then(() => "late"),
        () => pause(10).then(() => "first"),
      ]);
      equal([value, clock.now()], ["first", 10]);
    },
  ),
  caseOf(
    "CO-3",
    "drains-losers",
    "cancels the losers and drains them before it returns",
    { needs: ["firstSuccess"] },
    async (trial) => {
      await trial.api.firstSuccess([linger(trial, "loser", 5), () => pause(10)]);
      trial.say("returned");
      equal(trial.log, ["15 loser cleaned up", "15 returned"], "the log");
    },
  ),
  caseOf(
    "CO-3",
    "falsy-success",
    "takes undefined for a success like any other",
    { needs: ["firstSuccess"] },
    async (trial) => {
      const value = await trial.api.firstSuccess([() => undefined, (task) => trial.sleep(task, 1000)]);
      equal([value, trial.clock.now()], [undefined, 0], "the value and the time");
    },
  ),
  caseOf(
    "CO-3",
    "expected-failures",
    "keeps quiet about failures before the win",
    { needs: ["firstSuccess", "reports"] },
    async (trial) => {
      equal(await trial.api.firstSuccess([failing(5, boom), () => pause(10).then(() => 1)]), 1);
      equal(trial.reports, [], "the reports");
    },
  ),
  caseOf(
    "CO-3",
    "late-failures",
    "hands what a loser fails with after the win to the reporter",
    { needs: ["firstSuccess", "reports"] },
    async (trial) => {
      const value = await trial.api.firstSuccess([
        async (task) => {
          await trial.sleep(task, 1000).catch(() => {});
          throw boom;
        },
        () => pause(10).then(() => 1),
      ]);
      equal(value, 1);
      equal(trial.reports, [{ error: boom }], "the reports");
    },
  ),
  caseOf(
    "CO-3",
    "final",
    "gives the first value although it is cancelled from outside while the losers drain",
    { needs: ["firstSuccess", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 12);
      const value = await trial.api.firstSuccess([linger(trial, "loser", 5), () => pause(10).then(() => "first")], {
        signal: controller.signal,
      });
      equal(value, "first");
      equal(trial.log, ["15 loser cleaned up"], "the log");
    },
  ),
  caseOf(
    "CO-3",
    "second-success",
    "gives the first value although a loser succeeds in its cleanup",
    { needs: ["firstSuccess"] },
    async (trial) => {
      const value = await trial.api.firstSuccess([
        (task) => trial.sleep(task, 1000).catch(() => "second"),
        () => pause(10).then(() => "first"),
      ]);
      equal(value, "first");
    },
  ),
  caseOf(
    "CO-3",
    "all-failed",
    "rejects with a group of all failures, in the order in which they came, if all fail",
    { needs: ["firstSuccess"] },
    async ({ api }) => {
      const error = await rejectionOf(api.firstSuccess([failing(20, "a"), failing(5, "b"), failing(10, undefined)]));
      equal(errorsOf(error), ["b", undefined, "a"]);
    },
  ),
  caseOf(
    "CO-3",
    "outside",
    "rejects with the reason if it is cancelled from outside before anybody has won",
    { needs: ["firstSuccess", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const call = trial.api.firstSuccess([failing(5, boom), linger(trial, "slow", 5)], { signal: controller.signal });
      same(await rejectionOf(call), stop, "the error");
      equal(trial.log, ["15 slow cleaned up"], "the log");
    },
  ),
  caseOf(
    "CO-3",
    "outside-first",
    "rejects with the reason although a function succeeds in its cleanup after the cancellation",
    { needs: ["firstSuccess", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const call = trial.api.firstSuccess([(task) => trial.sleep(task, 1000).catch(() => "too late")], {
        signal: controller.signal,
      });
      same(await rejectionOf(call), stop, "the error");
    },
  ),
  caseOf(
    "CO-3",
    "outside-failures",
    "shows failures before a cancellation from outside to instruments",
    { needs: ["firstSuccess", "option.signal", "addInstrument"] },
    async (trial) => {
      const ends: unknown[] = [];
      install(trial, {
        onTaskEnd: (_task, outcome) => void (outcome.status === "rejected" && ends.push(outcome.reason)),
      });
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      await rejectionOf(
        trial.api.firstSuccess([failing(5, boom), (task) => trial.sleep(task, 1000)], { signal: controller.signal }),
      );
      equal(ends, [boom, stop], "what tasks ended with");
    },
  ),
  caseOf(
    "CO-3",
    "aborted-signal",
    "calls nobody under a signal that is aborted already",
    { needs: ["firstSuccess", "option.signal"] },
    async (trial) => {
      let calls = 0;
      const controller = trial.controller();
      controller.abort(stop);
      const call = trial.api.firstSuccess([() => ++calls], { signal: controller.signal });
      same(await rejectionOf(call), stop, "the error");
      equal(calls, 0, "the number of calls");
    },
  ),
  caseOf(
    "CO-3",
    "timeout",
    "rejects with a TimeoutError if its deadline comes before anybody has won",
    { needs: ["firstSuccess", "option.timeout", "TimeoutError"] },
    async (trial) => {
      const call = trial.api.firstSuccess([(task) => trial.sleep(task, 1000)], { timeout: 10 });
      instance(await rejectionOf(call), trial.api.TimeoutError);
    },
  ),
  caseOf(
    "CO-3",
    "limit",
    "never calls a function whose turn hasn't come when somebody wins",
    { needs: ["firstSuccess", "option.limit"] },
    async (trial) => {
      let calls = 0;
      const value = await trial.api.firstSuccess([() => pause(5).then(() => "first"), () => ++calls], { limit: 1 });
      equal([value, calls], ["first", 0], "the value and the number of calls");
    },
  ),
  caseOf(
    "CO-3",
    "empty",
    "rejects with a RangeError for an empty list",
    { needs: ["firstSuccess"] },
    async ({ api }) => {
      instance(await rejectionOf(api.firstSuccess([])), RangeError);
    },
  ),
  caseOf(
    "CO-3",
    "bad-functions",
    "rejects with a TypeError for what is no function, before it calls any",
    { needs: ["firstSuccess"] },
    async ({ api }) => {
      let calls = 0;
      const fns = [() => ++calls, null] as unknown as (() => number)[];
      instance(await rejectionOf(api.firstSuccess(fns)), TypeError);
      await pause(0);
      equal(calls, 0, "the number of calls");
    },
  ),
  caseOf(
    "CO-8",
    "loser-disposed",
    "disposes of the value of a loser that succeeded after all, before it returns",
    { needs: ["firstSuccess", "async dispose"] },
    async (trial) => {
      const connection = {
        async [Symbol.asyncDispose]() {
          await pause(5);
          trial.say("disposed");
        },
      };
      const value = await trial.api.firstSuccess([
        (task) => trial.sleep(task, 1000).catch(() => connection),
        () => pause(10).then(() => "first"),
      ]);
      trial.say("returned");
      equal(value, "first");
      equal(trial.log, ["15 disposed", "15 returned"], "the log");
    },
  ),
  caseOf(
    "CO-8",
    "winner-kept",
    "doesn't dispose of the winner's value",
    { needs: ["firstSuccess", "async dispose"] },
    async (trial) => {
      let disposals = 0;
      const connection = { [Symbol.dispose]: () => void disposals++ };
      const value = await trial.api.firstSuccess([(task) => trial.sleep(task, 10), () => connection]);
      same(value, connection, "the value");
      equal(disposals, 0, "the number of disposals");
    },
  ),
];
