import { type Case, caseOf } from "../../case.ts";
import { equal, instance, rejectionOf, thrownBy } from "../../check.ts";
import { pause } from "../pause.ts";

const stop = new Error("stop");

/** SY-5 */
export const barrier: readonly Case[] = [
  caseOf("SY-5", "parties", "refuses less than one party with a RangeError", { needs: ["Barrier"] }, ({ api }) => {
    for (const parties of [0, -1, 1.5]) {
      instance(
        thrownBy(() => new api.Barrier(parties)),
        RangeError,
        `the error for ${parties}`,
      );
    }
    equal(new api.Barrier(3).parties, 3, "parties");
  }),
  caseOf(
    "SY-5",
    "all-together",
    "lets nobody through before all have come, and then all of them",
    { needs: ["Barrier"] },
    async (trial) => {
      const barrier = new trial.api.Barrier(3);
      const come = async (ms: number): Promise<void> => {
        await pause(ms);
        await barrier.wait(null);
        trial.say("through");
      };
      await Promise.all([come(5), come(10), come(15)]);
      equal(trial.log, ["15 through", "15 through", "15 through"], "the log");
    },
  ),
  caseOf(
    "SY-5",
    "index",
    "gives each of those who get through together another number from 0 to parties - 1",
    { needs: ["Barrier"] },
    async ({ api }) => {
      const barrier = new api.Barrier(3);
      const numbers = await Promise.all([barrier.wait(null), barrier.wait(null), barrier.wait(null)]);
      equal(
        numbers.sort((a, b) => a - b),
        [0, 1, 2],
      );
    },
  ),
  caseOf("SY-5", "again", "can be passed again and again", { needs: ["Barrier"] }, async (trial) => {
    const barrier = new trial.api.Barrier(2);
    const play = async (name: string, ms: number): Promise<void> => {
      for (const round of [1, 2, 3]) {
        await pause(ms);
        await barrier.wait(null);
        trial.say(`${name} ${round}`);
      }
    };
    await Promise.all([play("slow", 10), play("fast", 1)]);
    equal(
      trial.log.map((line) => line.replace(/slow|fast/, "both")),
      ["10 both 1", "10 both 1", "20 both 2", "20 both 2", "30 both 3", "30 both 3"],
      "the log",
    );
  }),
  caseOf(
    "SY-5",
    "next-round",
    "counts whoever comes while the last round goes through for the next round",
    { needs: ["Barrier"] },
    async (trial) => {
      const barrier = new trial.api.Barrier(2);
      const first = [barrier.wait(null), barrier.wait(null)];
      const third = barrier.wait(null).then(() => trial.say("third"));
      await Promise.all(first);
      await pause(5);
      equal([trial.log, barrier.waiting], [[], 1], "the log, and how many wait");
      await Promise.all([third, barrier.wait(null)]);
    },
  ),
  caseOf(
    "SY-5",
    "cancelled-waiter",
    "lets a cancelled waiter leave without breaking: the others wait for one more",
    { needs: ["Barrier"] },
    async (trial) => {
      const barrier = new trial.api.Barrier(2);
      const controller = trial.controller();
      const gone = trial.outcome(barrier.wait(controller.signal));
      await pause(0);
      controller.abort(stop);
      equal(await gone, { error: stop }, "the cancelled wait");
      equal([barrier.waiting, barrier.broken], [0, false], "how many wait, and broken");
      const wait = barrier.wait(null).then(() => trial.say("through"));
      await pause(5);
      equal(trial.log, [], "the log");
      await Promise.all([wait, barrier.wait(null)]);
    },
  ),
  caseOf(
    "SY-5",
    "reset",
    "sends those who wait away with a BrokenBarrierError by reset(), and can be used again",
    { needs: ["Barrier", "BrokenBarrierError"] },
    async ({ api }) => {
      const barrier = new api.Barrier(2);
      const wait = rejectionOf(barrier.wait(null), "the wait");
      await pause(0);
      barrier.reset();
      instance(await wait, api.BrokenBarrierError, "the error");
      equal(barrier.broken, false, "broken");
      await Promise.all([barrier.wait(null), barrier.wait(null)]);
    },
  ),
  caseOf(
    "SY-5",
    "abort",
    "is broken by abort() until reset(): who waits and who comes gets a BrokenBarrierError",
    { needs: ["Barrier", "BrokenBarrierError"] },
    async ({ api }) => {
      const barrier = new api.Barrier(2);
      const wait = rejectionOf(barrier.wait(null), "the wait");
      await pause(0);
      barrier.abort();
      instance(await wait, api.BrokenBarrierError, "the error of who waited");
      equal(barrier.broken, true, "broken");
      instance(await rejectionOf(barrier.wait(null)), api.BrokenBarrierError, "the error of who comes");
      barrier.reset();
      equal(barrier.broken, false, "broken, after the reset");
      await Promise.all([barrier.wait(null), barrier.wait(null)]);
    },
  ),
  caseOf(
    "SY-5",
    "through-before-abort",
    "catches nobody by abort() who is through",
    { needs: ["Barrier"] },
    async (trial) => {
      const barrier = new trial.api.Barrier(2);
      const waits = [barrier.wait(null), barrier.wait(null)];
      await pause(0);
      barrier.abort();
      equal(
        (await Promise.all(waits)).sort((a, b) => a - b),
        [0, 1],
      );
    },
  ),
];
