import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal } from "../check.ts";
import type { CountingController } from "../counting-signal.ts";
import type { Trial } from "../trial.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

type RequestScope = (request: Request, body: (group: TaskGroup) => unknown) => Promise<Response>;

const gone = new DOMException("The connection was closed.", "AbortError");

/** The door for requests of the servers that answer a `Request` with a `Response`, which two hosts have. */
function requestScopeOf(trial: Trial): RequestScope {
  if (!("Bun" in globalThis) && !("Deno" in globalThis)) trial.skip("the host is neither Bun nor Deno");
  return (trial.api as unknown as { readonly requestScope: RequestScope }).requestScope;
}

/** A request whose client the case is. */
function requestOf(client: CountingController, path: string): Request {
  const request = new Request(`http://127.0.0.1${path}`);
  return Object.defineProperty(request, "signal", { value: client.signal });
}

/** A body that comes when the case says so. */
function source(): { readonly stream: ReadableStream<Uint8Array>; give(text: string): void; end(): void } {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
  });
  return {
    stream,
    give: (text) => controller.enqueue(new TextEncoder().encode(text)),
    end: () => controller.close(),
  };
}

/** RT-6 */
export const servers: readonly Case[] = [
  caseOf(
    "RT-6",
    "disconnect",
    "cancels the group of a request when the client goes away, by a DisconnectedError caused by the signal's reason",
    { needs: ["requestScope", "DisconnectedError", "scope.onCancel"] },
    async (trial) => {
      const requestScope = requestScopeOf(trial);
      const client = trial.controller();
      const reasons: unknown[] = [];
      setTimeout(() => client.abort(gone), 10);
      await requestScope(requestOf(client, "/wait"), async (group) => {
        group.onCancel((reason) => reasons.push(reason));
        group.createTask(linger(trial, "member", 5));
        await trial.sleep(group, 1000);
      });
      equal(
        reasons.map((reason) => [reason instanceof trial.api.DisconnectedError, (reason as Error).cause === gone]),
        [[true, true]],
        "the reasons",
      );
      equal([trial.clock.now(), client.listeners, trial.reports], [15, 0, []], "the time, the listeners, the reports");
    },
  ),
  caseOf(
    "RT-6",
    "at-once",
    "sends the response at once, and keeps the group open until its members have ended",
    { needs: ["requestScope", "group.defer"] },
    async (trial) => {
      const requestScope = requestScopeOf(trial);
      const client = trial.controller();
      const response = await requestScope(requestOf(client, "/at-once"), (group) => {
        group.defer(() => trial.say("cleaned up"));
        group.createTask(async (task) => {
          await trial.sleep(task, 20);
          trial.say("member ended");
        });
        return new Response("hello");
      });
      trial.say(await response.text());
      // A host may abort the signal of a request whose response has been sent: that's no client that went away.
      client.abort(gone);
      await pause(30);
      equal(trial.log, ["0 hello", "20 member ended", "20 cleaned up"], "the log");
      equal([client.listeners, trial.reports], [0, []], "the listeners, the reports");
    },
  ),
  caseOf(
    "RT-6",
    "streaming",
    "keeps the group open until the body of the response has been read",
    { needs: ["requestScope", "group.defer", "scope.isCancelled"] },
    async (trial) => {
      const requestScope = requestScopeOf(trial);
      const body = source();
      const response = await requestScope(requestOf(trial.controller(), "/stream"), (group) => {
        group.defer(() => trial.say(`ended, cancelled: ${group.isCancelled()}`));
        return new Response(body.stream);
      });
      const text = response.text();
      body.give("hel");
      await pause(10);
      trial.say("half");
      body.give("lo");
      body.end();
      trial.say(await text);
      await trial.clock.settle();
      equal([...trial.log].sort(), ["10 ended, cancelled: false", "10 half", "10 hello"], "the log");
    },
  ),
  caseOf(
    "RT-6",
    "abandoned",
    "cancels the group by a DisconnectedError when the body of the response is abandoned",
    { needs: ["requestScope", "DisconnectedError", "scope.onCancel"] },
    async (trial) => {
      const requestScope = requestScopeOf(trial);
      const reasons: unknown[] = [];
      const response = await requestScope(requestOf(trial.controller(), "/stream"), (group) => {
        group.onCancel((reason) => reasons.push(reason));
        return new Response(source().stream, { headers: { "content-type": "text/plain" } });
      });
      await response.body?.cancel(gone);
      await trial.clock.settle();
      equal(reasons.length, 1, "the number of cancellations");
      check(reasons[0] instanceof trial.api.DisconnectedError, "the reason should be a DisconnectedError");
      equal(trial.reports, [], "the reports");
    },
  ),
  caseOf(
    "RT-6",
    "failure-before",
    "rejects with the group of a failure before the response",
    { needs: ["requestScope", "ExceptionGroup"] },
    async (trial) => {
      const requestScope = requestScopeOf(trial);
      const boom = new Error("boom");
      const outcome = requestScope(requestOf(trial.controller(), "/fails"), async (group) => {
        group.createTask(() => Promise.reject(boom));
        await trial.sleep(group, 1000);
      });
      const error = await outcome.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      check(error instanceof trial.api.ExceptionGroup, "it should reject with an ExceptionGroup");
      equal((error as { readonly errors: readonly unknown[] }).errors, [boom], "the errors");
    },
  ),
];
