import type { For } from "@cohort/core";
import { abortable } from "./functions.ts";

/** The Prioritized Task Scheduling API, as far as a browser has it. */
interface Scheduler {
  readonly yield?: () => Promise<void>;
  readonly postTask?: (callback: () => void, options: { readonly signal: AbortSignal }) => Promise<void>;
}

/** A turn of the event loop that one waits for. */
interface Turn {
  readonly came: Promise<void>;
  /** Takes back what was asked of the host. */
  drop(): void;
}

/**
 * Lets the browser paint, and handle input and timers, before the caller goes on: for long work in slices. By
 * `scheduler.yield()`, which goes on before other tasks do, where there is one; else by `scheduler.postTask()`, else by a
 * message, which isn't throttled as timers are (RT-4).
 *
 * `scope` is for whom one waits; `null` says aloud: whatever happens. Rejects with the scope's reason as soon as it is
 * cancelled, at once if it is already; with a TypeError for what is no scope; with an InvalidStateError for a scope that has
 * ended. asyncio's counterpart is `sleep(0)`, Trio's is `lowlevel.checkpoint()`.
 *
 * @example
 * ```ts
 * await pageScope().taskGroup(async (group) => {
 *   for (const chunk of chunks) {
 *     draw(chunk);
 *     await yieldToMain(group);
 *   }
 * });
 * ```
 */
export async function yieldToMain(scope: For | null): Promise<void> {
  if (scope === undefined) throw new TypeError("yieldToMain needs a scope, an AbortSignal or null");
  const turn = nextTurn();
  try {
    await (scope === null ? turn.came : abortable(turn.came, scope));
  } finally {
    turn.drop();
  }
}

function nextTurn(): Turn {
  const { scheduler } = globalThis as { readonly scheduler?: Scheduler };
  // It takes over the signal of the `postTask` that we run in, whose abortion is no business of the scope's.
  if (scheduler?.yield !== undefined) return { came: scheduler.yield().catch(wholeTurn), drop() {} };
  if (scheduler?.postTask !== undefined) {
    const controller = new AbortController();
    const came = scheduler.postTask(() => {}, controller);
    came.catch(() => {}); // taken back, and nobody waits any more
    return { came, drop: () => controller.abort() };
  }
  return messageTurn();
}

async function wholeTurn(): Promise<void> {
  const turn = messageTurn();
  await turn.came;
  turn.drop();
}

function messageTurn(): Turn {
  const { port1, port2 } = new MessageChannel();
  const came = new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
  });
  port2.postMessage(undefined);
  return { came, drop: () => port1.close() };
}
