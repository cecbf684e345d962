import type { OpenTaskGroup, TaskGroup, TaskScope } from "@cohort/core";

/** As much of a Worker's `ctx`, and of a Durable Object's state, as the specification names. */
export interface KeepsAlive {
  waitUntil(promise: Promise<unknown>): void;
}

type Handle<E> = (event: E, env: unknown, ctx: KeepsAlive) => unknown;
type Handler<E> = (event: E, env: unknown, ctx: KeepsAlive, group: TaskGroup) => unknown;

/** One message of a queue, as its handler gets it. */
export interface QueueMessage {
  readonly id: string;
  readonly body: unknown;
  ack(): void;
  retry(options?: unknown): void;
}

/** What an implementation for Workers has beyond the rest (RT-5). */
export interface WorkersSurface {
  readonly handler: (handlers: {
    readonly fetch?: Handler<Request>;
    readonly scheduled?: Handler<{ readonly cron: string }>;
    readonly queue?: Handler<never>;
  }) => {
    readonly fetch?: Handle<Request>;
    readonly scheduled?: Handle<{ readonly cron: string }>;
    readonly queue?: Handle<{ readonly queue: string; readonly messages: readonly QueueMessage[] }>;
  };
  readonly requestScope: (
    request: Request,
    ctx: KeepsAlive,
  ) => OpenTaskGroup & { readonly respond: (response: Response) => Response | Promise<Response> };
  readonly background: (fn: (group: TaskGroup) => unknown, options: { readonly name: string }) => void;
  readonly eachMessage: (
    fn: (message: QueueMessage, task: TaskScope) => unknown,
    options?: { readonly limit?: number },
  ) => Handler<never>;
  readonly objectScope: (state: KeepsAlive) => {
    readonly fetch: (request: Request, body: (group: TaskGroup) => Response) => Promise<Response>;
    readonly alarm: (body: (group: TaskGroup) => unknown) => Promise<void>;
    readonly run: <T>(name: string, body: (group: TaskGroup) => T | Promise<T>) => Promise<T>;
  };
}
