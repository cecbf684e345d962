import {
  bindTaskGroup,
  DisconnectedError,
  InvalidStateError,
  type Runtime,
  type TaskGroup,
  type TaskGroupOptions,
} from "@cohort/core";
import { type BodyEnd, streamedResponse, type TakenResponse } from "./streamed-response.ts";
import { wholeResponse } from "./whole-response.ts";

/** What the group of a request takes. What cancels it from outside is its client, and a `parent`. */
export type RequestScopeOptions = Omit<TaskGroupOptions, "signal" | "policy">;

/**
 * What makes the response; the members it adds to the group may outlive it. `None` is undefined where the host's servers
 * take that for an answer.
 */
export type RequestBody<None extends undefined = never> = (
  group: TaskGroup,
) => Response | None | PromiseLike<Response | None>;

/** Handles a request in a group; each adapter that has it documents it. */
export type RequestScopeFn = (request: Request, body: RequestBody, options?: RequestScopeOptions) => Promise<Response>;

/** The same where a request may end otherwise than by a response, as one that becomes a WebSocket. */
export interface OptionalRequestScopeFn {
  (request: Request, body: RequestBody, options?: RequestScopeOptions): Promise<Response>;
  (request: Request, body: RequestBody<undefined>, options?: RequestScopeOptions): Promise<Response | undefined>;
}

/** What `requestScope()` needs of a host whose servers answer a `Request` with a `Response`. */
export interface RequestHost {
  /** Do its servers take `undefined` for the answer to a request? */
  readonly allowsUndefined?: boolean;
  /** Makes the response one that can be taken apart and put together again, where that loses something. */
  prepare?(response: Response): Promise<Response>;
  /** Takes a failure that comes after the response. */
  reportError(error: unknown): void;
}

/** Sent to a client that has gone: no server passes it on, and no standard has a code for it. */
const CLIENT_GONE = 499;

/** Binds `requestScope()` to a runtime and its host (RT-6). */
export function bindRequestScope(runtime: Runtime, host: RequestHost): OptionalRequestScopeFn {
  const requestScope = (request: Request, body: RequestBody<undefined>, options: RequestScopeOptions = {}) =>
    new Promise<Response | undefined>((resolve, reject) => {
      const name = options.name ?? `${request.method} ${new URL(request.url).pathname}`;
      const client = new AbortController();
      const left = (reason: unknown): void =>
        client.abort(new DisconnectedError(`the client of ${name} went away`, { cause: reason }));
      const hasLeft = (): boolean => client.signal.aborted;
      const { signal } = request;
      const onAbort = (): void => left(signal.reason);
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
      const stopListening = (): void => signal.removeEventListener("abort", onAbort);
      let isSent = false;
      let isOver = false;
      let scope: TaskGroup | undefined;
      let made: Response | undefined;
      const send = (response: Response | undefined): void => {
        isSent = true;
        resolve(response);
      };
      const handled = bindTaskGroup(runtime)({ ...options, name, signal: client.signal }, async (group) => {
        scope = group;
        made = await body(group);
        if (!(made instanceof Response || (made === undefined && host.allowsUndefined === true)))
          throw new TypeError(`${name} was answered with no Response`);
        if (group.isCancelled()) {
          // At once, for members may wait for it to be read; or by nobody else, for the group was given up.
          if (hasLeft() || isOver) discard(made, group.reason);
          // What cancelled the group decides what is sent.
          return { response: made };
        }
        if (made === undefined) {
          stopListening();
          send(undefined);
          return undefined;
        }
        if (host.prepare !== undefined) made = await host.prepare(made);
        await sendUnder(group, made, { send, left, hasLeft, stopListening, isHead: request.method === "HEAD" });
        return undefined;
      });
      handled
        .finally(() => {
          isOver = true;
          stopListening();
        })
        .then(
          (given) => {
            if (isSent) return;
            if (given !== undefined) send(given.response);
            else reject(new InvalidStateError(`${name} was cancelled before it had a response`));
          },
          (error: unknown) => {
            if (isSent) {
              // What cancelled the group from outside is no failure, and known to whoever did it.
              if (error !== scope?.reason) host.reportError(error);
              return;
            }
            discard(made, error);
            if (client.signal.aborted && error === client.signal.reason) {
              send(new Response(null, { status: CLIENT_GONE }));
            } else {
              reject(error);
            }
          },
        );
    });
  return requestScope as OptionalRequestScopeFn;
}

/** Lets go of what nobody will read. A body that somebody reads already is his. */
function discard(response: Response | undefined, reason: unknown): void {
  response?.body?.cancel(reason).catch(() => {});
}

interface Client {
  readonly send: (response: Response) => void;
  readonly left: (reason: unknown) => void;
  readonly hasLeft: () => boolean;
  readonly stopListening: () => void;
  readonly isHead: boolean;
}

/** Sends a response, and waits until its body has been read. */
async function sendUnder(group: TaskGroup, response: Response, client: Client): Promise<void> {
  let taken: TakenResponse | undefined;
  if (!isBusy(group)) {
    const peeked = await wholeResponse(response);
    if ("whole" in peeked) {
      client.stopListening();
      return client.send(peeked.whole);
    }
    taken = peeked.taken;
  }
  // Nothing of a body is sent, and its end is none of the client's: where a host takes that for his leaving, it comes at once.
  if (client.isHead) client.stopListening();
  let cut: ((reason: unknown) => void) | undefined;
  const stop = group.onCancel((reason) => cut?.(reason));
  try {
    const end = await new Promise<BodyEnd>((resolve) => {
      const onEnd = (how: BodyEnd): void => {
        // At once: where a host takes the end of a response for the client's leaving, that comes next.
        client.stopListening();
        resolve(how);
      };
      const streamed = streamedResponse(response, onEnd, taken);
      cut = (reason) => (client.hasLeft() ? streamed.giveUp(reason) : streamed.fail(reason));
      if (group.isCancelled()) cut(group.reason);
      client.send(streamed.response);
    });
    // Hosts give the body of an answer to HEAD up themselves.
    if (end.how === "abandoned" && !client.isHead) client.left(end.reason);
    // Also what cancelled the group: how it ended tells a deadline, which is a failure (TO-2), from a client that left.
    if (end.how === "failed") throw end.error;
  } finally {
    stop();
  }
}

/** Has it members, in the background too? */
function isBusy(group: TaskGroup): boolean {
  for (const _ of group.tasks) return true;
  return false;
}
