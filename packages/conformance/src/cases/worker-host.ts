import type { TaskGroup } from "@cohort/core";
import type { CountingController } from "../counting-signal.ts";
import type { Trial } from "../trial.ts";
import type { KeepsAlive, WorkersSurface } from "../workers-surface.ts";

/** What an adapter for Workers has beside the surface. */
export function workersOf(trial: Trial): WorkersSurface {
  return trial.api as unknown as WorkersSurface;
}

/** A Worker's `ctx` that counts what keeps it alive, and notices what mustn't happen there. */
export class Context implements KeepsAlive {
  /** Promises that were handed in. */
  kept = 0;
  /** Those that have settled. */
  settled = 0;
  /** What they rejected with: the platform would log it with no name. */
  readonly rejections: unknown[] = [];

  waitUntil(promise: Promise<unknown>): void {
    this.kept++;
    promise
      .catch((error: unknown) => void this.rejections.push(error))
      .finally(() => this.settled++)
      .catch(() => {});
  }

  /** Something is still kept alive. */
  get isAlive(): boolean {
    return this.settled < this.kept;
  }
}

/** A request whose client the case is. */
export function requestOf(controller: CountingController, path: string = "/"): Request {
  const request = new Request(`https://worker.example${path}`);
  // A signal of the case's own: not every host lets a signal that is handed in fire, and none says who listens.
  return Object.defineProperty(request, "signal", { value: controller.signal });
}

/** What a case has sent a request to. */
export interface Sent {
  readonly ctx: Context;
  readonly client: CountingController;
  readonly response: Promise<Response>;
}

/** Has the implementation's `handler` answer one request. */
export function send(trial: Trial, answer: (group: TaskGroup) => unknown, path?: string): Sent {
  if (typeof Request !== "function") trial.skip("the host has no Request");
  const [ctx, client] = [new Context(), trial.controller()];
  const worker = workersOf(trial).handler({ fetch: (_request, _env, _ctx, group) => answer(group) });
  const response = worker.fetch?.(requestOf(client, path), {}, ctx) as Promise<Response>;
  return { ctx, client, response };
}

/** Waits until nothing keeps the invocation alive any more. Streams take turns of the host's own that no clock counts. */
export async function ended(trial: Trial, ctx: Context): Promise<void> {
  for (let turn = 0; turn < 200 && ctx.isAlive; turn++) await trial.clock.settle();
}

/** A body of these pieces, with a pause before each. */
export function bodyOf(pieces: readonly string[], cancelled: (reason: unknown) => void): ReadableStream {
  const left = [...pieces];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new ReadableStream({
    async pull(controller) {
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 1);
      });
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
    cancel(reason) {
      clearTimeout(timer);
      cancelled(reason);
    },
  });
}
