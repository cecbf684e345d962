import type { Permit, Semaphore, TaskScope } from "@cohort/core";
import type { Capability } from "../capability.ts";
import { type Case, caseOf } from "../case.ts";
import { check, equal, instance, rejectionOf, same, thrownBy } from "../check.ts";
import { pause } from "./pause.ts";

const needs: readonly Capability[] = ["Semaphore"];

/** A permit that is free. */
function take(semaphore: Semaphore): Permit {
  const permit = semaphore.tryAcquire();
  check(permit !== undefined, "a permit should be free");
  return permit;
}

/** LI-2: the semaphore. */
export const semaphores: readonly Case[] = [
  caseOf("LI-2", "at-most", "lets in as many as there are permits, and never more", { needs }, async (trial) => {
    const semaphore = new trial.api.Semaphore(3);
    let [running, most] = [0, 0];
    await trial.api.taskGroup((group) => {
      for (let n = 0; n < 20; n++) {
        group.createTask(async (member) => {
          const permit = await semaphore.acquire(member);
          most = Math.max(most, ++running);
          await pause((n % 5) + 1);
          running--;
          permit.release();
        });
      }
    });
    equal([running, most, semaphore.available], [0, 3, 3], "running at the end, at most, and the permits free");
  }),

  caseOf("LI-2", "fifo", "hands permits over in the order in which they were asked for", { needs }, async (trial) => {
    const semaphore = new trial.api.Semaphore(1);
    const order: string[] = [];
    const twice = (name: string) => async (member: TaskScope) => {
      for (const round of [1, 2]) {
        const permit = await semaphore.acquire(member);
        order.push(`${name}${round}`);
        await pause(5);
        permit.release();
      }
    };
    await trial.api.taskGroup((group) => {
      for (const name of ["a", "b", "c"]) group.createTask(twice(name));
    });
    equal(order, ["a1", "b1", "c1", "a2", "b2", "c2"], "the order");
  }),

  caseOf(
    "LI-2",
    "no-barging",
    "a permit that is released while somebody waits can't be taken by another",
    { needs },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      const order: string[] = [];
      const held = take(semaphore);
      const waiter = semaphore.acquire(null).then(({ release }) => {
        order.push("waiter");
        release();
      });
      held.release();
      same(semaphore.tryAcquire(), undefined, "what tryAcquire() gives");
      const again = semaphore.acquire(null).then(({ release }) => {
        order.push("newcomer");
        release();
      });
      await Promise.all([waiter, again]);
      equal(order, ["waiter", "newcomer"], "the order");
    },
  ),

  caseOf(
    "LI-2",
    "released-once",
    "a permit that is released twice gives back one place: it is bounded by construction",
    { needs },
    (trial) => {
      const semaphore = new trial.api.Semaphore(2);
      const [first, second] = [take(semaphore), take(semaphore)];
      first.release();
      first.release();
      equal(semaphore.available, 1, "the permits free after two releases of one");
      second.release();
      first.release();
      equal(semaphore.available, 2, "the permits free after all");
    },
  ),

  caseOf(
    "LI-2",
    "old-permit",
    "a permit that was released doesn't give back what another holds now",
    { needs },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      const old = take(semaphore);
      const waiter = semaphore.acquire(null);
      old.release();
      const permit = await waiter;
      old.release();
      equal([semaphore.available, semaphore.tryAcquire()], [0, undefined], "the permits free, and what one gets");
      permit.release();
    },
  ),

  caseOf("LI-2", "disposable", "a permit is disposable, and its methods work destructured", { needs }, (trial) => {
    if (typeof Symbol.dispose !== "symbol") trial.skip("the host has no Symbol.dispose");
    const semaphore = new trial.api.Semaphore(1);
    const { release, [Symbol.dispose]: dispose } = take(semaphore);
    dispose.call(undefined as never);
    equal(semaphore.available, 1, "the permits free after the disposal");
    release();
    equal(semaphore.available, 1, "the permits free after a release on top");
  }),

  caseOf(
    "LI-2",
    "try-acquire",
    "tryAcquire() gives a permit if one is free, and waits for none",
    { needs },
    (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      const permit = take(semaphore);
      same(semaphore.tryAcquire(), undefined, "what it gives when none is free");
      permit.release();
      take(semaphore).release();
    },
  ),

  caseOf("LI-2", "run", "run() gives what the function gives, and the permit back", { needs }, async (trial) => {
    const semaphore = new trial.api.Semaphore(1);
    equal(await semaphore.run(null, () => 7), 7, "the value of a plain function");
    equal(await semaphore.run(null, () => pause(5).then(() => 8)), 8, "the value of an async one");
    equal(semaphore.available, 1, "the permits free");
  }),

  caseOf(
    "LI-2",
    "run-fails",
    "run() gives the permit back when the function throws or rejects, undefined too",
    { needs },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      const boom = new Error("boom");
      const throwing = semaphore.run(null, () => {
        throw boom;
      });
      same(await rejectionOf(throwing, "run()"), boom, "what it rejects with");
      same(
        await rejectionOf(
          semaphore.run(null, () => Promise.reject(undefined)),
          "run()",
        ),
        undefined,
        "what it rejects with",
      );
      equal(semaphore.available, 1, "the permits free");
    },
  ),

  caseOf(
    "LI-2",
    "scope-first",
    "acquire() in a cancelled scope rejects with the reason, though a permit is free",
    { needs: [...needs, "option.signal"] },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const semaphore = new trial.api.Semaphore(1);
      let reason: unknown;
      await trial.outcome(
        trial.api.taskGroup({ signal: outside.signal }, async (group) => {
          outside.abort(stop);
          reason = await rejectionOf(semaphore.acquire(group), "acquire()");
        }),
      );
      same(reason, stop, "what acquire() rejects with");
      equal(semaphore.available, 1, "the permits free");
    },
  ),

  caseOf(
    "LI-2",
    "run-scope-first",
    "run() in a cancelled scope doesn't call the function",
    { needs: [...needs, "group.cancel"] },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      let calls = 0;
      await trial.api.taskGroup(async (group) => {
        group.cancel();
        await semaphore.run(group, () => void calls++);
      });
      equal([calls, semaphore.available], [0, 1], "the calls, and the permits free");
    },
  ),

  caseOf(
    "LI-2",
    "cancelled-is-skipped",
    "a waiter that is cancelled before the hand-over is skipped, and the one behind it gets the permit",
    { needs },
    async (trial) => {
      const outside = trial.controller();
      const stop = new Error("stop");
      const semaphore = new trial.api.Semaphore(1);
      const held = take(semaphore);
      const first = rejectionOf(semaphore.acquire(outside.signal), "acquire()");
      const second = semaphore.acquire(null);
      outside.abort(stop);
      held.release();
      same(await first, stop, "what the first rejects with");
      (await second).release();
      equal([semaphore.available, semaphore.waiting], [1, 0], "the permits free, and the waiters left");
    },
  ),

  caseOf(
    "LI-2",
    "delivered",
    "a permit that was handed over before the cancellation is delivered, and the next wait fails",
    { needs: [...needs, "group.cancel"] },
    async (trial) => {
      const semaphore = new trial.api.Semaphore(1);
      const held = take(semaphore);
      const steps: string[] = [];
      await trial.api.taskGroup(async (group) => {
        group.createTask(async (member) => {
          const permit = await semaphore.acquire(member);
          steps.push("got it");
          await trial.sleep(member, 1).catch(() => steps.push("the next wait failed"));
          permit.release();
        });
        await pause(5);
        held.release();
        group.cancel();
      });
      equal(steps, ["got it", "the next wait failed"], "what the waiter saw");
      equal(semaphore.available, 1, "the permits free");
    },
  ),

  caseOf(
    "LI-2",
    "nothing-lost",
    "cancelling waiters in every instant around a release loses no permit",
    { needs },
    async (trial) => {
      for (let microtasks = 0; microtasks < 8; microtasks++) {
        const outside = trial.controller();
        const semaphore = new trial.api.Semaphore(1);
        const held = take(semaphore);
        const first = trial.outcome(semaphore.acquire(outside.signal));
        await Promise.resolve();
        held.release();
        for (let n = 0; n < microtasks; n++) await Promise.resolve();
        outside.abort();
        const outcome = await first;
        if ("value" in outcome) (outcome.value as Permit).release();
        equal(semaphore.available, 1, `the permits free, when cancelled ${microtasks} microtasks after the release`);
      }
    },
  ),

  caseOf("LI-2", "waiter-gone-at-once", "a cancelled waiter is out of the queue at once", { needs }, async (trial) => {
    const outside = trial.controller();
    const semaphore = new trial.api.Semaphore(0);
    const waiter = rejectionOf(semaphore.acquire(outside.signal), "acquire()");
    equal(semaphore.waiting, 1, "the waiters before");
    outside.abort();
    equal(semaphore.waiting, 0, "the waiters after");
    await waiter;
  }),

  caseOf(
    "LI-2",
    "one-listener",
    "waiters on one signal share one listener, which is gone when they have their permits",
    { needs },
    async (trial) => {
      const outside = trial.controller();
      const semaphore = new trial.api.Semaphore(1);
      const held = take(semaphore);
      const waiters = Array.from({ length: 20 }, () => semaphore.run(outside.signal, () => {}));
      await Promise.resolve();
      equal(outside.listeners, 1, "the listeners while all wait");
      held.release();
      await Promise.all(waiters);
      equal([outside.listeners, semaphore.available], [0, 1], "the listeners at the end, and the permits free");
    },
  ),

  caseOf(
    "LI-2",
    "refuses",
    "permits that are no whole number from 0 on, nor Infinity, are a RangeError, no number a TypeError",
    { needs },
    ({ api: { Semaphore } }) => {
      for (const permits of [-1, 1.5, Number.NaN, -Infinity]) {
        instance(
          thrownBy(() => new Semaphore(permits), `${permits} permits`),
          RangeError,
          "what is thrown",
        );
      }
      for (const permits of [undefined, null, "1", 1n]) {
        instance(
          thrownBy(() => new Semaphore(permits as never), "no number"),
          TypeError,
          "what is thrown",
        );
      }
    },
  ),
];
