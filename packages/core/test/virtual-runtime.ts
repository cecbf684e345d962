import {
  bindAbortable,
  bindAddInstrument,
  bindAsCompleted,
  bindCurrentTask,
  bindDetach,
  bindFailAfter,
  bindFailAt,
  bindFirstSuccess,
  bindFormatTaskTree,
  bindGather,
  bindInspectTasks,
  bindMap,
  bindMoveOnAfter,
  bindNow,
  bindOpenBackgroundTasks,
  bindOpenTaskGroup,
  bindSleep,
  bindTaskGroup,
  defineRuntime,
  type Runtime,
  type RuntimeAdapter,
  type TaskInfo,
} from "@cohort/core";

interface VirtualTimer {
  readonly at: number;
  readonly id: number;
  readonly callback: () => void;
  isRef: boolean;
}

/** A report that the library made: an error or a warning. */
interface Report {
  readonly error?: unknown;
  readonly warning?: string;
  readonly tasks: readonly TaskInfo[];
}

/**
 * A runtime for tests whose clock is virtual: `run(program)` drives the program, and whenever everything in it waits, the
 * clock jumps to the next timer. So no test sleeps, and every order is the same each time.
 */
export function virtualRuntime(overrides: Partial<RuntimeAdapter> = {}) {
  let clock = 0;
  let lastId = 0;
  const timers = new Set<VirtualTimer>();
  const reports: Report[] = [];
  const adapter: RuntimeAdapter<VirtualTimer> = {
    name: "virtual",
    now: () => clock,
    setTimer(callback, ms) {
      if (!(ms >= 0 && ms <= 2 ** 31 - 1)) throw new RangeError(`a host timer can't count ${ms} ms`);
      const timer = { at: clock + ms, id: ++lastId, callback, isRef: true };
      timers.add(timer);
      return timer;
    },
    clearTimer: (timer) => void timers.delete(timer),
    unrefTimer: (timer) => void (timer.isRef = false),
    createAbortController: () => new AbortController(),
    reportError: (error, task) => void reports.push({ error, tasks: task === undefined ? [] : [task] }),
    reportWarning: (warning, tasks = []) => void reports.push({ warning, tasks }),
    mayHaveContext: () => false,
    ...(overrides as Partial<RuntimeAdapter<VirtualTimer>>),
  };
  const runtime: Runtime = defineRuntime(adapter);

  /** Lets everything run that can run without time passing. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const jump = (): boolean => {
    const [next] = [...timers].sort((a, b) => a.at - b.at || a.id - b.id);
    if (next === undefined) return false;
    timers.delete(next);
    clock = Math.max(clock, next.at);
    next.callback();
    return true;
  };

  /** Runs a program to its end on virtual time; throws if it waits for something that can never happen. */
  const run = async <T>(program: () => PromiseLike<T> | T): Promise<T> => {
    let outcome: { value: T } | { error: unknown } | undefined;
    Promise.resolve()
      .then(program)
      .then(
        (value) => (outcome = { value }),
        (error: unknown) => (outcome = { error }),
      );
    for (;;) {
      await settle();
      if (outcome !== undefined) break;
      if (!jump()) throw new Error(`deadlock at ${clock} ms:\n${bindFormatTaskTree(runtime)()}`);
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };

  /** Lets time pass, timer by timer, while a program runs beside it. */
  const advance = async (ms: number): Promise<void> => {
    const until = clock + ms;
    await settle();
    while ([...timers].some(({ at }) => at <= until)) {
      jump();
      await settle();
    }
    clock = until;
  };

  return {
    runtime,
    adapter,
    run,
    advance,
    settle,
    reports,
    now: bindNow(runtime),
    /** How many timers are set: a test of residue. */
    timers: () => timers.size,
    taskGroup: bindTaskGroup(runtime),
    openTaskGroup: bindOpenTaskGroup(runtime),
    openBackgroundTasks: bindOpenBackgroundTasks(runtime),
    failAfter: bindFailAfter(runtime),
    failAt: bindFailAt(runtime),
    moveOnAfter: bindMoveOnAfter(runtime),
    gather: bindGather(runtime),
    firstSuccess: bindFirstSuccess(runtime),
    asCompleted: bindAsCompleted(runtime),
    map: bindMap(runtime),
    detach: bindDetach(runtime),
    sleep: bindSleep(runtime),
    abortable: bindAbortable(runtime),
    currentTask: bindCurrentTask(runtime),
    inspectTasks: bindInspectTasks(runtime),
    formatTaskTree: bindFormatTaskTree(runtime),
    addInstrument: bindAddInstrument(runtime),
  };
}

/** What a promise settled with, as data. */
export async function outcomeOf<T>(promise: PromiseLike<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/** The error of a promise that must reject. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  const outcome = await outcomeOf(promise);
  if ("error" in outcome) return outcome.error;
  throw new Error("expected a rejection");
}
