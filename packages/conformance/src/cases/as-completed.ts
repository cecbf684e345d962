import { type Case, caseOf } from "../case.ts";
import { equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

const boom = new Error("boom");
const stop = new Error("stop");

type Outcome = PromiseSettledResult<unknown>;

function textOf(outcome: Outcome): string {
  return outcome.status === "fulfilled" ? `value ${String(outcome.value)}` : `error ${String(outcome.reason)}`;
}

async function textsOf(outcomes: AsyncIterable<Outcome>): Promise<string[]> {
  const texts: string[] = [];
  for await (const outcome of outcomes) texts.push(textOf(outcome));
  return texts;
}

async function fail(ms: number, error: unknown): Promise<never> {
  await pause(ms);
  throw error;
}

/** CO-4 */
export const asCompleted: readonly Case[] = [
  caseOf(
    "CO-4",
    "order",
    "gives how each ended in the order in which they end, failures as well as successes",
    { needs: ["asCompleted"] },
    async ({ api }) => {
      const outcomes = api.asCompleted([() => pause(20).then(() => "a"), () => fail(10, "b"), () => "c"]);
      equal(await textsOf(outcomes), ["value c", "error b", "value a"]);
    },
  ),
  caseOf("CO-4", "task", "gives the info of its task with each", { needs: ["asCompleted"] }, async ({ api }) => {
    const ids = new Set<number>();
    for await (const { task } of api.asCompleted([() => 1, () => fail(1, "b")])) {
      equal([typeof task.id, typeof task.name, Array.isArray(task.path)], ["number", "string", true], "the info");
      ids.add(task.id);
    }
    equal(ids.size, 2, "the number of different ids");
  }),
  caseOf("CO-4", "empty", "gives nothing for an empty list", { needs: ["asCompleted"] }, async ({ api }) => {
    equal(await textsOf(api.asCompleted([])), []);
  }),
  caseOf(
    "CO-4",
    "failure-cancels-nobody",
    "lets the others run on when one fails",
    { needs: ["asCompleted"] },
    async (trial) => {
      const outcomes = trial.api.asCompleted([
        () => Promise.reject("boom"),
        (task) => trial.sleep(task, 50).then(() => "fine"),
      ]);
      equal(await textsOf(outcomes), ["error boom", "value fine"]);
    },
  ),
  caseOf(
    "CO-4",
    "slow-consumer",
    "keeps what ends while nobody asks",
    { needs: ["asCompleted"] },
    async ({ api, clock }) => {
      const texts: string[] = [];
      for await (const outcome of api.asCompleted([() => "a", () => fail(5, "b"), () => pause(10).then(() => "c")])) {
        texts.push(textOf(outcome));
        await pause(100);
      }
      equal(texts, ["value a", "error b", "value c"]);
      equal(clock.now(), 300, "the time that it took");
    },
  ),
  caseOf(
    "CO-4",
    "break",
    "cancels and drains the rest when the loop is left",
    { needs: ["asCompleted"] },
    async (trial) => {
      for await (const _ of trial.api.asCompleted([linger(trial, "slow", 5), () => pause(10)])) break;
      trial.say("left");
      equal(trial.log, ["15 slow cleaned up", "15 left"], "the log");
    },
  ),
  caseOf(
    "CO-4",
    "not-yielded",
    "rejects return() with the failures that were never given",
    { needs: ["asCompleted"] },
    async ({ api }) => {
      const outcomes = api.asCompleted([() => 1, () => fail(5, boom), () => pause(20)]);
      await outcomes.next();
      await pause(10);
      const error = await rejectionOf(Promise.resolve(outcomes.return?.()), "return()");
      equal(errorsOf(error), [boom]);
    },
  ),
  caseOf(
    "CO-4",
    "drain-failure",
    "rejects return() with what fails while the rest drains",
    { needs: ["asCompleted"] },
    async (trial) => {
      const { api } = trial;
      const outcomes = api.asCompleted([() => 1, (task) => trial.sleep(task, 1000).catch(() => fail(5, boom))]);
      await outcomes.next();
      const error = await rejectionOf(Promise.resolve(outcomes.return?.()), "return()");
      equal(errorsOf(error), [boom]);
    },
  ),
  caseOf(
    "CO-4",
    "yielded",
    "counts a failure that was given as reported: leaving afterwards doesn't reject",
    { needs: ["asCompleted"] },
    async (trial) => {
      const outcomes = trial.api.asCompleted([() => Promise.reject("boom"), (task) => trial.sleep(task, 1000)]);
      const first = await outcomes.next();
      equal(first.done === true ? "done" : textOf(first.value), "error boom", "the first outcome");
      await outcomes.return?.();
      equal(trial.clock.now(), 0, "the time");
    },
  ),
  caseOf("CO-4", "after-return", "is done for ever after return()", { needs: ["asCompleted"] }, async (trial) => {
    const outcomes = trial.api.asCompleted([(task) => trial.sleep(task, 1000), () => 1]);
    await outcomes.next();
    await outcomes.return?.();
    equal((await outcomes.next()).done, true, "done");
  }),
  caseOf(
    "CO-4",
    "outside",
    "rejects next() with the reason of a cancellation from outside, after the drain",
    { needs: ["asCompleted", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const outcomes = trial.api.asCompleted([linger(trial, "slow", 5)], { signal: controller.signal });
      same(await rejectionOf(outcomes.next(), "next()"), stop, "the error");
      equal(trial.log, ["15 slow cleaned up"], "the log");
    },
  ),
  caseOf(
    "CO-4",
    "timeout",
    "gives what has ended before its deadline, then rejects with a TimeoutError",
    { needs: ["asCompleted", "option.timeout", "TimeoutError"] },
    async (trial) => {
      const outcomes = trial.api.asCompleted([(task) => trial.sleep(task, 1000), () => "a"], { timeout: 10 });
      const first = await outcomes.next();
      equal(first.done === true ? "done" : textOf(first.value), "value a", "the first outcome");
      instance(await rejectionOf(outcomes.next(), "next()"), trial.api.TimeoutError);
      equal(trial.clock.now(), 10, "the time");
    },
  ),
  caseOf(
    "CO-4",
    "bad-functions",
    "throws a TypeError for what is no list of functions",
    { needs: ["asCompleted"] },
    ({ api }) => {
      instance(
        thrownBy(() => api.asCompleted([5] as never)),
        TypeError,
      );
    },
  ),
];
