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

/** What makes the response; the members it adds to the group may outlive it. */
export type RequestBody = (group: TaskGroup) => Response | PromiseLike<Response>;

/** Handles a request in a group; each adapter that has it documents it. */
export type RequestScopeFn = (request: Request, body: RequestBody, options?: RequestScopeOptions) => Promise<Response>;

/** What `requestScope()` needs of a host whose servers answer a `Request` with a `Response`. */
export interface RequestHost {
  /** Makes the response one that can be taken apart and put together again, where that loses something. */
  prepare?(response: Response): Promise<Response>;
  /** Takes a failure that comes after the response. */
  reportError(error: unknown): void;
}

/** Sent to a client that has gone: no server passes it on, and no standard has a code for it. */
const CLIENT_GONE = 499;

/** Binds `requestScope()` to a runtime and its host (RT-6). */
export function bindRequestScope(runtime: Runtime, host: RequestHost): RequestScopeFn {
  return (request, body, options = {}) =>
    new Promise((resolve, reject) => {
      const name = options.name ?? `${request.method} ${new URL(request.url).pathname}`;
      const client = new AbortController();
      const left = (reason: unknown): void =>
        client.abort(new DisconnectedError(`the client of ${name} went away`, { cause: reason }));
      const { signal } = request;
      const onAbort = (): void => left(signal.reason);
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
      const stopListening = (): void => signal.removeEventListener("abort", onAbort);
      let isSent = false;
      let scope: TaskGroup | undefined;
      const send = (response: Response): void => {
        isSent = true;
        resolve(response);
      };
      const handled = bindTaskGroup(runtime)({ ...options, name, signal: client.signal }, async (group) => {
        scope = group;
        const response = await body(group);
        if (!(response instanceof Response)) throw new TypeError(`${name} was answered with no Response`);
        // What cancelled the group decides what is sent.
        if (group.isCancelled()) return response;
        const sendable = host.prepare === undefined ? response : await host.prepare(response);
        await sendUnder(group, sendable, { send, left, stopListening, isHead: request.method === "HEAD" });
        return sendable;
      });
      handled
        .then(
          (response: Response | undefined) => {
            if (isSent) return;
            if (response !== undefined) send(response);
            else reject(new InvalidStateError(`${name} was cancelled before it had a response`));
          },
          (error: unknown) => {
            const hasLeft = client.signal.aborted && error === client.signal.reason;
            if (!isSent && hasLeft) send(new Response(null, { status: CLIENT_GONE }));
            else if (!isSent) reject(error);
            // What cancelled the group from outside is no failure, and known to whoever did it.
            else if (error !== scope?.reason) host.reportError(error);
          },
        )
        .finally(stopListening);
    });
}

interface Client {
  readonly send: (response: Response) => void;
  readonly left: (reason: unknown) => void;
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
  let fail: ((reason: unknown) => void) | undefined;
  const stop = group.onCancel((reason) => fail?.(reason));
  try {
    const end = await new Promise<BodyEnd>((resolve) => {
      const onEnd = (how: BodyEnd): void => {
        // At once: where a host takes the end of a response for the client's leaving, that comes next.
        client.stopListening();
        resolve(how);
      };
      const streamed = streamedResponse(response, onEnd, taken);
      fail = streamed.fail;
      if (group.isCancelled()) fail(group.reason);
      client.send(streamed.response);
    });
    // Hosts give the body of an answer to HEAD up themselves.
    if (end.how === "abandoned" && !client.isHead) client.left(end.reason);
    if (end.how === "failed" && !group.isCancellation(end.error)) throw end.error;
  } finally {
    stop();
  }
}

/** Has it members, in the background too? */
function isBusy(group: TaskGroup): boolean {
  for (const _ of group.tasks) return true;
  return false;
}
