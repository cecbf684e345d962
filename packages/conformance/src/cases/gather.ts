import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

/** CO-2 */
export const gather: readonly Case[] = [
  caseOf(
    "CO-2",
    "array",
    "gives an array its results in the order of the functions, whoever ends first",
    { needs: ["gather"] },
    async ({ api }) => {
      const results = await api.gather([() => pause(20).then(() => "a"), () => "b", () => pause(10).then(() => "c")]);
      equal(results, ["a", "b", "c"]);
    },
  ),
  caseOf("CO-2", "record", "gives a record its results under the same keys", { needs: ["gather"] }, async ({ api }) => {
    const results = await api.gather({ user: () => pause(10).then(() => 1), orders: () => [2] });
    equal(results, { user: 1, orders: [2] });
  }),
  caseOf(
    "CO-2",
    "empty",
    "gives an empty list or record for nothing to run",
    { needs: ["gather"] },
    async ({ api }) => {
      equal([await api.gather([]), await api.gather({})], [[], {}]);
    },
  ),
  caseOf("CO-2", "together", "runs all at the same time", { needs: ["gather"] }, async ({ api, clock }) => {
    await api.gather([() => pause(30), () => pause(20), () => pause(10)]);
    equal(clock.now(), 30, "the time that it took");
  }),
  caseOf(
    "CO-2",
    "same-function",
    "runs a function that is given twice twice",
    { needs: ["gather"] },
    async ({ api }) => {
      let calls = 0;
      const fn = (): number => ++calls;
      equal(await api.gather([fn, fn]), [1, 2]);
    },
  ),
  caseOf(
    "CO-2",
    "failure-drains",
    "cancels and drains the rest when one fails, and then rejects with a group",
    { needs: ["gather"] },
    async (trial) => {
      const { api, log } = trial;
      const boom = new Error("boom");
      const error = await rejectionOf(
        api.gather([
          linger(trial, "slow", 5),
          async () => {
            await pause(10);
            throw boom;
          },
        ]),
      );
      trial.say("rejected");
      equal(log, ["15 slow cleaned up", "15 rejected"]);
      equal(errorsOf(error), [boom]);
    },
  ),
  caseOf(
    "CO-2",
    "failure-names-key",
    "says under which key the function stood that failed",
    { needs: ["gather", "failures", "task.name"] },
    async ({ api }) => {
      const error = (await rejectionOf(
        api.gather({
          fine: () => 1,
          orders: () => Promise.reject(new Error("boom")),
        }),
      )) as { readonly failures: readonly { readonly task?: { readonly name: string } }[] };
      equal(
        error.failures.map(({ task }) => task?.name),
        ["orders"],
      );
    },
  ),
  caseOf(
    "CO-2",
    "synchronous-throw",
    "takes a throw before the first wait as a failure of that function",
    { needs: ["gather"] },
    async ({ api }) => {
      const boom = new Error("boom");
      const error = await rejectionOf(
        api.gather([
          () => pause(1),
          () => {
            throw boom;
          },
        ]),
      );
      same(errorsOf(error)[0], boom, "the failure");
    },
  ),
  caseOf(
    "CO-2",
    "falsy-failure",
    "fails when a function rejects with undefined",
    { needs: ["gather"] },
    async ({ api }) => {
      const error = await rejectionOf(api.gather([() => Promise.reject(undefined), () => 1]));
      equal(errorsOf(error), [undefined]);
    },
  ),
  caseOf(
    "CO-2",
    "many-failures",
    "raises no unhandled rejection, however many fail in one turn",
    { needs: ["gather", "unhandled rejections"] },
    async (trial) => {
      const errors = Array.from({ length: 10 }, (_, n) => new Error(`boom ${n}`));
      const error = await rejectionOf(trial.api.gather(errors.map((thrown) => () => Promise.reject(thrown))));
      equal(errorsOf(error).length > 0, true, "that there are errors");
      equal(await trial.takeUnhandled(), [], "the unhandled rejections");
    },
  ),
  caseOf(
    "CO-2",
    "settled",
    "waits for all, cancels nobody and gives each outcome as a value with its task, if `settled`",
    { needs: ["gather"] },
    async (trial) => {
      const outcomes = await trial.api.gather(
        {
          bad: () => Promise.reject("boom"),
          good: (task) => trial.sleep(task, 20).then(() => 1),
        },
        { settled: true },
      );
      const { bad, good } = outcomes;
      equal([bad.status, bad.status === "rejected" && bad.reason], ["rejected", "boom"], "the failure");
      equal([good.status, good.status === "fulfilled" && good.value], ["fulfilled", 1], "the success");
      equal([bad.task.name, good.task.name], ["bad", "good"], "the tasks' names");
      equal(trial.clock.now(), 20, "the time that it took");
    },
  ),
  caseOf(
    "CO-2",
    "settled-outside",
    "is cancelled from outside with `settled` too, and rejects with the reason",
    { needs: ["gather", "option.signal"] },
    async (trial) => {
      const stop = new Error("stop");
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const error = await rejectionOf(
        trial.api.gather([(task) => trial.sleep(task, 1000)], { settled: true, signal: controller.signal }),
      );
      same(error, stop, "the error");
      equal(trial.clock.now(), 10, "the time that it took");
    },
  ),
  caseOf(
    "CO-2",
    "settled-lost",
    "reports the failures whose values are lost when it is cancelled, if `settled`",
    { needs: ["gather", "option.signal", "reports"] },
    async (trial) => {
      const boom = new Error("boom");
      const controller = trial.controller();
      setTimeout(() => controller.abort("stop"), 10);
      await rejectionOf(
        trial.api.gather([() => Promise.reject(boom), (task) => trial.sleep(task, 1000)], {
          settled: true,
          signal: controller.signal,
        }),
      );
      check(
        trial.reports.some((report) => "error" in report && report.error === boom),
        "the failure should be reported",
      );
    },
  ),
  caseOf(
    "CO-2",
    "outside",
    "drains all before it rejects with the reason of a cancellation from outside",
    { needs: ["gather", "option.signal"] },
    async (trial) => {
      const stop = new Error("stop");
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const fns = [linger(trial, "a", 5), linger(trial, "b", 7)];
      same(await rejectionOf(trial.api.gather(fns, { signal: controller.signal })), stop, "the error");
      equal(trial.log, ["15 a cleaned up", "17 b cleaned up"], "the log");
    },
  ),
  caseOf(
    "CO-2",
    "timeout",
    "cancels all at its deadline and rejects with a TimeoutError after the drain",
    { needs: ["gather", "option.timeout", "TimeoutError"] },
    async (trial) => {
      const error = await rejectionOf(trial.api.gather([linger(trial, "a", 5), () => 1], { timeout: 10 }));
      instance(error, trial.api.TimeoutError);
      equal(trial.log, ["15 a cleaned up"], "the log");
    },
  ),
  caseOf(
    "CO-2",
    "bad-functions",
    "rejects with a TypeError for what is no function, before it calls any",
    { needs: ["gather"] },
    async ({ api }) => {
      let calls = 0;
      const fns = [() => void calls++, 5] as unknown as (() => void)[];
      instance(await rejectionOf(api.gather(fns)), TypeError, "the error");
      await pause(0);
      equal(calls, 0, "the number of calls");
    },
  ),
];
