import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import { errorsOf } from "./errors-of.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";
import { RecordedSource } from "./recorded-source.ts";

const boom = new Error("boom");
const stop = new Error("stop");

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** LI-3 */
export const map: readonly Case[] = [
  caseOf(
    "LI-3",
    "ordered",
    "gives the results in the order of the source, if `ordered`",
    { needs: ["map"] },
    async ({ api }) => {
      const results = api.map([30, 10, 20], (ms) => pause(ms).then(() => ms), { limit: 3, ordered: true });
      equal(await allOf(results), [30, 10, 20]);
    },
  ),
  caseOf(
    "LI-3",
    "unordered",
    "gives the results in the order in which they are finished, if not `ordered`",
    { needs: ["map"] },
    async ({ api }) => {
      const results = api.map([30, 10, 20], (ms) => pause(ms).then(() => ms), { limit: 3, ordered: false });
      equal(await allOf(results), [10, 20, 30]);
    },
  ),
  caseOf(
    "LI-3",
    "mapper-arguments",
    "calls the function with the item, the scope of its task and the index",
    { needs: ["map"] },
    async ({ api }) => {
      const results = api.map(["a", "b"], (item, task, index) => [item, task.signal instanceof AbortSignal, index]);
      equal(await allOf(results), [
        ["a", true, 0],
        ["b", true, 1],
      ]);
    },
  ),
  caseOf(
    "LI-3",
    "falsy-results",
    "gives undefined, null and 0 as results like any other",
    { needs: ["map"] },
    async ({ api }) => {
      const results = api.map([undefined, null, 0], (item) => item, { limit: 1, ordered: true });
      equal(await allOf(results), [undefined, null, 0]);
    },
  ),
  caseOf("LI-3", "limit", "runs at most `limit` mappers at once", { needs: ["map"] }, async ({ api }) => {
    let [running, most] = [0, 0];
    const results = api.map(
      Array.from({ length: 10 }, (_, n) => n),
      async (n) => {
        most = Math.max(most, ++running);
        await pause(1 + (n % 3));
        running--;
      },
      { limit: 3 },
    );
    equal((await allOf(results)).length, 10, "the number of results");
    equal(most, 3, "the most at once");
  }),
  caseOf(
    "LI-3",
    "pulls-as-slots-free",
    "pulls an item from the source only when a mapper may start on it",
    { needs: ["map"] },
    async ({ api }) => {
      const source = new RecordedSource(100);
      const results = api.map(source, () => pause(10), { limit: 2 });
      const first = results.next();
      await pause(5);
      check(source.asked <= 3, `of 2 slots none is free, but ${source.asked} items were asked for`);
      await first;
      await results.return?.();
    },
  ),
  caseOf(
    "LI-3",
    "slow-consumer",
    "keeps at most `buffer` finished results for a slow consumer",
    { needs: ["map"] },
    async ({ api }) => {
      let finished = 0;
      const source = new RecordedSource(100);
      const results = api.map(source, () => ++finished, { limit: 2, buffer: 4, ordered: false });
      await results.next();
      await pause(50);
      check(finished <= 1 + 4, `1 was taken and 4 may wait, but ${finished} are finished`);
      await results.return?.();
    },
  ),
  caseOf(
    "LI-3",
    "default-buffer",
    "keeps at most `limit` finished results if no buffer is given",
    { needs: ["map"] },
    async ({ api }) => {
      let finished = 0;
      const results = api.map(new RecordedSource(100), () => ++finished, { limit: 2, ordered: false });
      await results.next();
      await pause(50);
      check(finished <= 1 + 2, `1 was taken and 2 may wait, but ${finished} are finished`);
      await results.return?.();
    },
  ),
  caseOf(
    "LI-3",
    "slow-head",
    "keeps at most `buffer` finished results that wait for a slow head, if `ordered`",
    { needs: ["map"] },
    async ({ api }) => {
      let finished = 0;
      const mapper = async (n: number): Promise<number> => {
        if (n === 0) await pause(50);
        finished++;
        return n;
      };
      const results = api.map(new RecordedSource(10), mapper, { limit: 2, buffer: 4, ordered: true });
      const all = allOf(results);
      await pause(25);
      check(finished <= 4, `4 may wait for the head, but ${finished} are finished`);
      equal(await all, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    },
  ),
  caseOf("LI-3", "many", "maps 10,000 items", { needs: ["map"] }, async ({ api }) => {
    let sum = 0;
    for await (const n of api.map(new RecordedSource(10_000), (item) => item, { limit: 10 })) sum += n;
    equal(sum, 49_995_000, "the sum");
  }),
  caseOf(
    "LI-3",
    "to-array",
    "gives all results at once by toArray(), in the order of the source",
    { needs: ["map"] },
    async ({ api }) => {
      equal(await api.map([20, 10], (ms) => pause(ms).then(() => ms), { limit: 2, ordered: true }).toArray(), [20, 10]);
    },
  ),
  caseOf(
    "LI-3",
    "break",
    "cancels and drains the mappers and closes the source once when the loop is left",
    { needs: ["map"] },
    async (trial) => {
      const source = new RecordedSource(100);
      const slow = linger(trial, "slow", 5);
      const results = trial.api.map(source, (n, task) => (n === 0 ? pause(10) : slow(task)), { limit: 2 });
      for await (const _ of results) break;
      trial.say("left");
      equal(trial.log.at(-1), "15 left", "the last line of the log");
      check(trial.log.includes("15 slow cleaned up"), "a mapper should have cleaned up before");
      equal(source.closed, 1, "how often the source was closed");
    },
  ),
  caseOf(
    "LI-3",
    "return-acts-at-once",
    "acts on return() at once although a next() waits, which is then done",
    { needs: ["map"] },
    async (trial) => {
      const results = trial.api.map([1], (_item, task) => trial.sleep(task, 1000));
      const next = results.next();
      await pause(10);
      const left = await results.return?.();
      const first = await next;
      equal([first.done, left?.done, trial.clock.now()], [true, true, 10]);
    },
  ),
  caseOf("LI-3", "source-ended", "doesn't close a source that ended by itself", { needs: ["map"] }, async ({ api }) => {
    const source = new RecordedSource(2);
    equal(await allOf(api.map(source, (n) => n, { ordered: true })), [0, 1]);
    equal(source.closed, 0, "how often the source was closed");
  }),
  caseOf(
    "LI-3",
    "mapper-fails",
    "cancels the other mappers when one fails, closes the source and rejects next() with a group",
    { needs: ["map"] },
    async (trial) => {
      const source = new RecordedSource(100);
      const slow = linger(trial, "slow", 5);
      const results = trial.api.map(
        source,
        async (n, task) => {
          if (n === 0) return slow(task);
          await pause(10);
          throw boom;
        },
        { limit: 2, ordered: false },
      );
      const error = await rejectionOf(results.next(), "next()");
      equal([errorsOf(error), trial.log, source.closed], [[boom], ["15 slow cleaned up"], 1]);
    },
  ),
  caseOf("LI-3", "source-fails", "fails with what the source throws", { needs: ["map"] }, async ({ api }) => {
    const source = new RecordedSource(100, (index) => (index === 1 ? Promise.reject(boom) : index));
    const error = await rejectionOf(allOf(api.map(source, (n) => n)));
    equal(errorsOf(error), [boom]);
  }),
  caseOf(
    "LI-3",
    "closing-fails",
    "takes what the source throws while it is closed as a failure",
    { needs: ["map"] },
    async ({ api }) => {
      async function* numbers(): AsyncGenerator<number> {
        try {
          for (let n = 0; n < 100; n++) yield n;
        } finally {
          // oxlint-disable-next-line no-unsafe-finally
          throw boom;
        }
      }
      const results = api.map(numbers(), (n) => n, { limit: 1 });
      await results.next();
      const error = await rejectionOf(Promise.resolve(results.return?.()), "return()");
      equal(errorsOf(error), [boom]);
    },
  ),
  caseOf(
    "LI-3",
    "failures-not-given",
    "rejects return() with failures that nobody was given",
    { needs: ["map"] },
    async (trial) => {
      const { api } = trial;
      const mapper = async (n: number, task: { readonly signal: AbortSignal }): Promise<number> => {
        if (n === 0) return n;
        await trial.sleep(task, 1000).catch(() => {});
        throw boom;
      };
      const results = api.map([0, 1], mapper, { limit: 2, ordered: true });
      await results.next();
      const error = await rejectionOf(Promise.resolve(results.return?.()), "return()");
      equal(errorsOf(error), [boom]);
    },
  ),
  caseOf(
    "LI-3",
    "hidden-failures",
    "reports the failures that the error of the loop's own body hides",
    { needs: ["map", "reports"] },
    async (trial) => {
      const results = trial.api.map(
        [0, 1],
        async (n, task) => {
          if (n === 0) return n;
          await trial.sleep(task, 1000).catch(() => {});
          throw boom;
        },
        { limit: 2, ordered: true },
      );
      const loop = async (): Promise<void> => {
        for await (const _ of results) throw stop;
      };
      same(await rejectionOf(loop(), "the loop"), stop, "the loop's error");
      const told = trial.reports.map((report) => ("error" in report ? report.error : undefined));
      check(
        told.some((error) => error === boom || (error as Partial<AggregateError> | undefined)?.errors?.includes(boom)),
        "the failure should be reported",
      );
    },
  ),
  caseOf(
    "LI-3",
    "outside",
    "drains and closes the source before it rejects next() with the reason of a cancellation from outside",
    { needs: ["map", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const source = new RecordedSource(100);
      const slow = linger(trial, "slow", 5);
      const results = trial.api.map(source, (_n, task) => slow(task), { limit: 1, signal: controller.signal });
      same(await rejectionOf(results.next(), "next()"), stop, "the error");
      equal([trial.log, source.closed], [["15 slow cleaned up"], 1], "the log, and how often the source was closed");
    },
  ),
  caseOf(
    "LI-3",
    "bad-arguments",
    "throws on what can't be iterated, and on bad numbers",
    { needs: ["map"] },
    ({ api }) => {
      instance(
        thrownBy(() => api.map(5 as never, () => 1)),
        TypeError,
        "for a number",
      );
      instance(
        thrownBy(() => api.map([], () => 1, { limit: 0 })),
        RangeError,
        "for limit: 0",
      );
      instance(
        thrownBy(() => api.map([], () => 1, { buffer: 0 })),
        RangeError,
        "for buffer: 0",
      );
    },
  ),
];
