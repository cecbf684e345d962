import { defineRuntime, type For, type MaybePromise, type Runtime } from "@cohort/core";
import { VirtualClock } from "./clock.ts";
import { NondeterminismError, ScheduleError } from "./errors.ts";
import { type Functions, functionsOf } from "./functions.ts";
import { Exhaustive, Replay, type Schedule, ScheduleLog, type Scheduler } from "./schedule.ts";
import { Steps } from "./steps.ts";
import type { TestClock } from "./test-clock.ts";
import { bareAdapter } from "./test-runtime.ts";
import { errorText, textOf } from "./text-of.ts";
import { formatTrace } from "./trace.ts";
import { turn } from "./turn.ts";
import type { VirtualTimer } from "./virtual-timers.ts";

export interface ExploreOptions {
  /** The runtime that the code under test imports. Default: one of its own, whose functions the program gets. */
  runtime?: Runtime | undefined;
  /**
   * Also lets steps, and timers of one moment, settle in one turn, one right after the other, before anything that they
   * wake has run. Default: false.
   */
  sameTurn?: boolean | undefined;
  /** Runs at most so many orders and says so in the report. Default: 10,000, and more is an error. */
  limit?: number | undefined;
  /** Runs this order alone: the one that a ScheduleError has named. */
  schedule?: Schedule | undefined;
}

/** What a program under exploration works with. */
export interface ExploreKit extends Functions {
  /** Waits until the explorer settles it, for a scope, a signal or nobody. The label names it in schedules. */
  step(this: void, scope: For | null, label?: string): Promise<void>;
  readonly clock: Pick<TestClock, "now" | "elapsed" | "mark" | "trace" | "timeline" | "reports" | "takeReports">;
}

export interface ExploreReport {
  /** How many orders were run. */
  readonly schedules: number;
  /** There was none left. */
  readonly isComplete: boolean;
  /** The distinct values that the program gave, as text, and how often. */
  readonly outcomes: ReadonlyMap<string, number>;
}

const LIMIT = 10_000;
/** An order of more events than this isn't a small program's: it waits for something that comes again and again. */
const LONGEST = 1000;

/**
 * Runs a small program (three tasks of three steps, and a bit more) in every order in which its waits can settle, depth
 * first, and calls `check` with its value after each. What settles is chosen among the steps that wait and the timers that
 * are due next; one that merely reports (a straggler's, after its grace) is no choice of its own. Everything else must
 * follow from that: the program waits for nothing but `step()` and what runs on the runtime's clock, and keeps no state
 * from run to run.
 *
 * Rejects with a ScheduleError at the first order in which the program or `check` throws, everything is blocked, or
 * something is left behind; with a RangeError when there are more than 10,000 orders and no `limit` says that a part will
 * do; with a NondeterminismError if the program isn't the same each time.
 *
 * @example
 * ```ts
 * const { outcomes } = await explore(
 *   async ({ taskGroup, step }) => {
 *     const log: string[] = [];
 *     await taskGroup((group) => {
 *       for (const name of ["a", "b"]) group.createTask(async (task) => { await step(task); log.push(name); }, { name });
 *     });
 *     return log.join("");
 *   },
 *   (value) => expect(value).toHaveLength(2),
 * );
 * expect([...outcomes.keys()]).toEqual(['"ab"', '"ba"']);
 * ```
 */
export async function explore<T>(
  program: (kit: ExploreKit) => MaybePromise<T>,
  check: (value: Awaited<T>) => unknown,
  { runtime = defineRuntime(bareAdapter()), sameTurn = false, limit, schedule }: ExploreOptions = {},
): Promise<ExploreReport> {
  const most = limit ?? LIMIT;
  if (!(most > 0)) throw new RangeError(`limit must be positive: ${most}`);
  const outcomes = new Map<string, number>();
  const exhaustive = new Exhaustive(sameTurn);
  for (let schedules = 1; ; schedules++) {
    const scheduler = schedule === undefined ? exhaustive : new Replay(schedule);
    const value = await runOnce(runtime, program, check, scheduler, schedules);
    const text = textOf(value);
    outcomes.set(text, (outcomes.get(text) ?? 0) + 1);
    if (schedule !== undefined || !exhaustive.next())
      return { schedules, isComplete: schedule === undefined, outcomes };
    if (schedules < most) continue;
    if (limit === undefined)
      throw new RangeError(`more than ${LIMIT} orders: make the program smaller, or say how many will do by \`limit\``);
    return { schedules, isComplete: false, outcomes };
  }
}

async function runOnce<T>(
  runtime: Runtime,
  program: (kit: ExploreKit) => MaybePromise<T>,
  check: (value: Awaited<T>) => unknown,
  scheduler: Scheduler,
  count: number,
): Promise<Awaited<T>> {
  const clock = new VirtualClock(runtime, { autoJump: false, patience: Infinity });
  const log = new ScheduleLog();
  try {
    const steps = new Steps(runtime);
    const kit = { ...functionsOf(runtime), step: steps.step, clock };
    const value = await drive(
      clock,
      async () => program(kit),
      () => settleTurn(clock, steps, scheduler, log),
    );
    // It has no part in the orders: if it waits on the clock, time simply passes.
    await drive(
      clock,
      async () => check(value),
      () => fireNext(clock),
    );
    clock.assertNoLeaks();
    return value;
  } catch (cause) {
    if (cause instanceof NondeterminismError) throw cause;
    const { schedule } = log;
    const again = `to see it again: explore(program, check, { schedule: ${textOf(schedule)} })`;
    const message = `broken in order ${count}: ${errorText(cause)}\n${again}\n${formatTrace(clock.trace())}`;
    throw new ScheduleError(message, schedule, cause);
  } finally {
    await clock.end();
  }
}

/** Runs something to its end: whenever everything is blocked, `settle` does what comes next, unless there is nothing left. */
async function drive<T>(clock: VirtualClock, run: () => Promise<T>, settle: () => boolean): Promise<T> {
  let outcome: PromiseSettledResult<T> | undefined;
  run().then(
    (value) => (outcome = { status: "fulfilled", value }),
    (reason: unknown) => (outcome = { status: "rejected", reason }),
  );
  for (;;) {
    await turn();
    if (outcome?.status === "fulfilled") return outcome.value;
    if (outcome?.status === "rejected") throw outcome.reason;
    if (!settle()) throw clock.deadlockError();
  }
}

function fireNext({ timers }: VirtualClock): boolean {
  const [next] = timers.due();
  if (next !== undefined) timers.fire(next);
  return true; // or it waits for something real, such as a file
}

function settleTurn(clock: VirtualClock, steps: Steps, scheduler: Scheduler, log: ScheduleLog): boolean {
  if (!settleOne(clock, steps, scheduler, log, false)) return false;
  while (settleOne(clock, steps, scheduler, log, true));
  if (log.length > LONGEST) throw new RangeError(`the program goes on after ${LONGEST} events`);
  return true;
}

function settleOne(
  clock: VirtualClock,
  steps: Steps,
  scheduler: Scheduler,
  log: ScheduleLog,
  within: boolean,
): boolean {
  const { timers } = clock;
  const { waiting } = steps;
  // Within a turn no time passes.
  const due = timers.due().filter(({ at }) => !within || at === timers.elapsed);
  const labels = waiting.map(({ label }) => label);
  for (const { at } of due) {
    let label = `time ${at}`;
    for (let count = 2; labels.includes(label); count++) label = `time ${at}#${count}`;
    labels.push(label);
  }
  if (labels.length === 0) return false;
  const index = scheduler.pick(labels, within);
  if (index === undefined) return false;
  const label = labels[index] as string;
  log.add(label, within);
  clock.mark(`${label} settles`);
  const step = waiting[index];
  if (step !== undefined) steps.settle(step);
  else timers.fire(due[index - waiting.length] as VirtualTimer);
  return true;
}
