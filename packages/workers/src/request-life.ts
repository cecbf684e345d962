import { DisconnectedError, type TaskGroup, type TaskGroupOptions } from "@cohort/core";
import type { Budget } from "./budget.ts";
import { keepAlive, type KeepsAlive } from "./keeps-alive.ts";
import { guard } from "./own-request.ts";
import { infoOf, reportFailures } from "./report.ts";
import { type BodyEnd, SentBody } from "./response-body.ts";

/**
 * What one request's group is tied to (RT-5): the client, whose leaving cancels it; the response, whose body keeps it
 * open; and the platform, which is kept from ending the request before the group has drained.
 */
export class RequestLife {
  private readonly controller: AbortController = new AbortController();
  private readonly budget: Budget;
  private readonly request: Request;
  private readonly letGo: () => void;
  private group: TaskGroup | undefined;
  private body: SentBody | undefined;
  private hasResponded = false;
  /** `group.cancel()` was called: the group ends early, and the response is sent all the same. */
  private isEndedEarly = false;

  constructor(request: Request, by: KeepsAlive, budget: Budget) {
    this.budget = budget;
    this.request = request;
    this.letGo = keepAlive(by);
    // Without the flag `enable_request_signal` it never aborts.
    if (request.signal.aborted) this.onGone();
    else request.signal.addEventListener("abort", this.onGone);
  }

  get options(): TaskGroupOptions & { readonly name: string } {
    const { method, url } = this.request;
    const name = `${method} ${new URL(url).pathname}`;
    return { name, signal: this.controller.signal, grace: this.budget.grace };
  }

  /** Is it the reason of a group whose client has left? */
  isDisconnect(error: unknown): boolean {
    return error instanceof DisconnectedError && error === this.controller.signal.reason;
  }

  /** May a response be sent, or does something else come out of the group? */
  get mayRespond(): boolean {
    return this.isEndedEarly || this.group?.isCancelled() === false;
  }

  adopt<G extends TaskGroup>(group: G): G {
    this.group = group;
    const { cancel } = group;
    Object.defineProperty(group, "cancel", {
      value: (reason?: unknown) => {
        if (!group.isCancelled()) this.isEndedEarly = true;
        cancel(reason);
      },
    });
    group.onCancel((reason) => {
      if (!this.isEndedEarly) this.body?.abort(reason);
    });
    return guard(group, this.controller.signal);
  }

  /** Gives the response to send in place of this one: the group stays open until its body has been read or abandoned. */
  respond(response: Response): Response {
    const body = hasBody(response) ? new SentBody(response) : undefined;
    // Not before: of one whose body was read already nothing is sent.
    this.hasResponded = true;
    if (body === undefined) {
      this.afterResponse();
      return response;
    }
    this.body = body;
    void body.ended.then((end) => this.bodyEnded(end));
    if (this.group?.isCancelled() === false) {
      this.group.createTask(async ({ abortable }) => failureOf(await abortable(body.ended)), { name: "response body" });
    } else {
      void body.ended.then(failureOf).catch(reportFailures);
    }
    return body.response;
  }

  /** Follows the group to its end. What comes out of it after the response has nobody else to hear of it. */
  async end(over: Promise<unknown>): Promise<void> {
    try {
      await over;
    } catch (error) {
      // Whoever left isn't told, and the end of the budget has been named by a warning.
      if (this.hasResponded && error !== this.controller.signal.reason)
        reportFailures(error, this.group && infoOf(this.group));
      this.body?.abort(error);
    }
    await this.body?.ended;
    this.request.signal.removeEventListener("abort", this.onGone);
    this.letGo();
  }

  private bodyEnded(end: BodyEnd): void {
    if (end.status === "abandoned") this.disconnect(end.reason);
    else if (end.status === "read") this.afterResponse();
  }

  /** The response has left as a whole: from now on the budget runs. */
  private afterResponse(): void {
    if (this.group !== undefined) this.budget.start(this.group, (reason) => this.controller.abort(reason));
  }

  private readonly onGone = (): void => this.disconnect(this.request.signal.reason);

  private disconnect(cause: unknown): void {
    this.controller.abort(new DisconnectedError("the client went away before the response was finished", { cause }));
  }
}

function failureOf(end: BodyEnd): void {
  if (end.status === "failed") throw end.error;
}

/** Of a WebSocket nobody but its owner sees the end. */
function hasBody(response: Response): response is Response & { readonly body: ReadableStream } {
  return response instanceof Response && response.body !== null && !response.webSocket;
}
