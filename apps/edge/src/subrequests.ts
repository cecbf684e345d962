import type { OpenTaskGroup, Scope, Task } from "@cohort/workers";
import { type UpstreamName, UpstreamError } from "./upstream-error.ts";

interface SharedFetch {
  readonly task: Task<unknown>;
  waiting: number;
}

/**
 * The fetches of one request. A URL that is asked for twice is fetched once, at most `limit` run together, and one that
 * nobody waits for any more is cancelled, which closes its connection.
 *
 * They are members of a group of their own, not of whoever asks first: when that one runs out of time, those who asked
 * later still get their answer.
 */
export class Subrequests implements AsyncDisposable {
  readonly #group: OpenTaskGroup;
  readonly #ray: string;
  readonly #shared = new Map<string, SharedFetch>();

  constructor(scope: Scope, ray: string, limit: number) {
    this.#ray = ray;
    this.#group = scope.openTaskGroup({
      name: "subrequests",
      limit,
      memberCancel: true,
      // Whoever asked gets the failure; the group has nothing to add.
      onFailure: () => {},
    });
  }

  /** The JSON at the URL. Rejects with an {@link UpstreamError}, or with the scope's reason when that is cancelled. */
  async json(upstream: UpstreamName, url: URL, scope: Scope): Promise<unknown> {
    const fetching = this.#fetch(upstream, url);
    fetching.waiting++;
    try {
      return await scope.abortable(fetching.task);
    } finally {
      if (--fetching.waiting === 0 && fetching.task.cancel()) this.#shared.delete(url.href);
    }
  }

  /** Cancels what is still open and waits for it to end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#group.cancel();
    try {
      await this.#group.join();
    } catch (error) {
      // Whoever uses this was cancelled too, and says so.
      if (!this.#group.isCancellation(error)) throw error;
    }
  }

  #fetch(upstream: UpstreamName, url: URL): SharedFetch {
    const shared = this.#shared.get(url.href);
    if (shared !== undefined) return shared;
    const task = this.#group.createTask((scope) => fetchJson(upstream, url, this.#ray, scope), { name: url.href });
    const made = { task, waiting: 0 };
    this.#shared.set(url.href, made);
    return made;
  }
}

async function fetchJson(upstream: UpstreamName, url: URL, ray: string, scope: Scope): Promise<unknown> {
  try {
    const headers = { accept: "application/json", "x-request-id": ray };
    const response = await fetch(url, { signal: scope.signal, headers });
    if (!response.ok) {
      // An unread body keeps its connection, of which there are few.
      await response.body?.cancel();
      throw new UpstreamError(upstream, `answered ${response.status}`, url, { status: response.status });
    }
    return await response.json();
  } catch (error) {
    if (error instanceof UpstreamError || scope.isCancellation(error)) throw error;
    const what = error instanceof SyntaxError ? "answered no JSON" : "gave no answer";
    throw new UpstreamError(upstream, what, url, { cause: error });
  }
}
