import { DisconnectedError, InvalidStateError, type TaskGroup, type TaskGroupOptions } from "@cohort/core";
import type { Budget } from "./budget.ts";
import { keepAlive, type KeepsAlive } from "./keeps-alive.ts";
import { infoOf, reportFailures } from "./report.ts";
import { type BodyEnd, SentBody } from "./response-body.ts";
import { type BodyReader, type ResponseWithBody, takeBody, type TakenBody } from "./taken-body.ts";

/** Nginx's status for a client that has left. Nobody sees it. */
const CLIENT_CLOSED_REQUEST = 499;

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
  private stopBudget: (() => void) | undefined;
  private hasResponded = false;
  private isOver = false;
  /** The body's failure is a member's, and comes out of the group. */
  private isBodyFailureTaken = false;
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

  /** May a response be sent, or does something else come out of the group? */
  private get mayRespond(): boolean {
    return this.isEndedEarly || this.group?.isCancelled() === false;
  }

  adopt<G extends TaskGroup>(group: G): G {
    this.group = group;
    const { cancel } = group;
    Object.defineProperty(group, "cancel", {
      value: (reason?: unknown) => {
        const before = this.isEndedEarly;
        this.isEndedEarly = before || !group.isCancelled();
        try {
          cancel(reason);
        } catch (error) {
          this.isEndedEarly = before; // it isn't the caller's
          throw error;
        }
      },
    });
    group.onCancel((reason) => {
      if (!this.isEndedEarly) this.body?.abort(reason);
    });
    return group;
  }

  /**
   * Gives the response to send in place of this one: the group stays open until its body has been read or abandoned.
   * Nothing, where something else is to come out of the group. Rejects for a body that can't be sent.
   */
  async respond(response: Response): Promise<Response | undefined> {
    if (!this.mayRespond) return this.drop(response?.body);
    if (!(response instanceof Response)) throw new TypeError(`${this.options.name} was answered with no Response`);
    const taken = hasBody(response) ? await takeBody(response) : undefined;
    // It may have been cancelled in the turn that the body took.
    if (!this.mayRespond) return this.drop(taken !== undefined && "reader" in taken ? taken.reader : null);
    // Not before: of one whose body was read already nothing is sent.
    this.hasResponded = true;
    if (taken !== undefined && "reader" in taken) return this.send(response, taken);
    // A socket goes on as long as its owner likes.
    if (!isUpgrade(response)) this.afterResponse();
    return taken === undefined ? response : wholeResponse(response, taken.whole);
  }

  /**
   * What becomes of a request that nothing was sent to, when its group is over: rejects with its failure, and answers a
   * client that has gone, since an error would be logged as the Worker's.
   */
  async insteadOf(over: Promise<unknown>): Promise<Response> {
    try {
      await over;
    } catch (error) {
      if (error instanceof DisconnectedError && error === this.controller.signal.reason) {
        return new Response(null, { status: CLIENT_CLOSED_REQUEST });
      }
      throw error;
    }
    throw new InvalidStateError(`${this.options.name}: the group was cancelled, and no response given`);
  }

  /** Nobody will read it: its source ends. */
  private drop(body: Pick<BodyReader, "cancel"> | null | undefined): undefined {
    body?.cancel(this.group?.reason).catch(() => {}); // whoever reads it has it
  }

  private send(response: Response, { reader, length }: Extract<TakenBody, { reader: unknown }>): Response {
    const body = new SentBody(response, reader, length);
    this.body = body;
    void body.ended.then((end) => this.bodyEnded(end));
    if (this.group?.isCancelled() === false && !this.isOver) {
      const member = async ({ abortable }: Pick<TaskGroup, "abortable">): Promise<void> => {
        const end = await abortable(body.ended);
        if (end.status !== "failed") return;
        this.isBodyFailureTaken = true;
        throw end.error;
      };
      this.group.createTask(member, { name: "response body" });
    }
    return body.response;
  }

  /** Follows the group to its end. What comes out of it after the response has nobody else to hear of it. */
  async end(over: Promise<unknown>): Promise<void> {
    try {
      await over;
    } catch (error) {
      // Whoever left isn't told, and the end of the budget has been named by a warning.
      if (this.hasResponded && error !== this.controller.signal.reason) this.report(error);
      this.body?.abort(error);
    }
    this.isOver = true;
    this.stopBudget?.();
    const end = await this.body?.ended;
    const isLost = end?.status === "failed" && !this.isBodyFailureTaken;
    // One that the group's own end broke off has nothing to tell.
    if (isLost && this.group?.isCancellation(end.error) !== true) this.report(end.error);
    this.request.signal.removeEventListener("abort", this.onGone);
    this.letGo();
  }

  private report(error: unknown): void {
    reportFailures(error, this.group && infoOf(this.group));
  }

  private bodyEnded(end: BodyEnd): void {
    if (end.status === "abandoned") this.disconnect(end.reason);
    else if (end.status === "read") this.afterResponse();
  }

  /** The response has left as a whole: from now on the budget runs. */
  private afterResponse(): void {
    if (this.group === undefined || this.isOver) return;
    this.stopBudget = this.budget.start(this.group, (reason) => this.controller.abort(reason));
  }

  private readonly onGone = (): void => this.disconnect(this.request.signal.reason);

  private disconnect(cause: unknown): void {
    this.controller.abort(new DisconnectedError("the client went away before the response was finished", { cause }));
  }
}

function hasBody(response: Response): response is ResponseWithBody {
  return response instanceof Response && response.body !== null && !isUpgrade(response);
}

/** Of a WebSocket nobody but its owner sees the end. */
function isUpgrade({ webSocket }: Response): boolean {
  return webSocket !== null && webSocket !== undefined;
}

function wholeResponse(response: Response, body: Uint8Array): Response {
  const whole = new Response(body, response);
  const { headers } = whole;
  // To HEAD the platform sends the one that is there, and it may be stale.
  if (headers.has("content-length") && !headers.has("content-encoding")) {
    headers.set("content-length", String(body.byteLength));
  }
  return whole;
}
