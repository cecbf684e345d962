import { sleep } from "@cohort/browser";

/** The Prioritized Task Scheduling API, as far as a browser has it. */
export interface HostScheduler {
  postTask?(callback: () => unknown, options?: PostOptions): Promise<unknown>;
  yield?(): Promise<void>;
  wait?(ms: number, options?: PostOptions): Promise<void>;
}

interface PostOptions {
  readonly signal?: AbortSignal & { readonly priority?: Priority };
  readonly priority?: Priority;
  readonly delay?: number;
}

type Priority = "user-blocking" | "user-visible" | "background";

const ranks: Readonly<Record<Priority, number>> = { "user-blocking": 0, "user-visible": 2, background: 4 };
/** What goes on after a yield comes before what else is as urgent. */
const YIELDED = ranks["user-visible"] - 1;

interface Job {
  /** Asked when its turn may have come: a TaskSignal can change it. */
  rank(): number;
  run(): void;
}

/** The host's `scheduler` on a virtual clock, with those of its methods that the host has. */
export function virtualScheduler(host: HostScheduler, noWait: () => number): HostScheduler {
  const ready = new Set<Job>();

  /** One turn runs one job, the most urgent and of these the first. */
  function enqueue(job: Job): void {
    ready.add(job);
    void sleep(noWait(), null).then(
      () => {
        let best: Job | undefined;
        for (const each of ready) if (best === undefined || each.rank() < best.rank()) best = each;
        if (best === undefined) return;
        ready.delete(best);
        best.run();
      },
      // The clock was closed.
      () => {},
    );
  }

  async function postTask(callback: () => unknown, options: PostOptions = {}): Promise<unknown> {
    const { signal, priority, delay = 0 } = options;
    if (typeof callback !== "function") throw new TypeError(`a posted task is a function, not ${typeof callback}`);
    signal?.throwIfAborted();
    if (delay > 0) await sleep(delay, signal ?? null);
    return new Promise((resolve, reject) => {
      const job: Job = {
        rank: () => ranks[priority ?? signal?.priority ?? "user-visible"],
        run() {
          signal?.removeEventListener("abort", abort);
          // A promise's own function catches what it throws.
          resolve(new Promise((settle) => settle(callback())));
        },
      };
      const abort = (): void => {
        ready.delete(job);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      enqueue(job);
    });
  }

  const whole: Required<HostScheduler> = {
    postTask,
    yield: () => new Promise((resolve) => enqueue({ rank: () => YIELDED, run: resolve })),
    wait: async (ms, options) => void (await postTask(() => {}, { ...options, delay: ms })),
  };
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name in host));
}
