import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";
import { bodyOf, Context, ended, requestOf, send, workersOf } from "./worker-host.ts";

const boom = new Error("boom");
const gone = new Error("the connection was lost");

/** RT-5: requests */
export const workerRequests: readonly Case[] = [
  caseOf(
    "RT-5",
    "kept-from-start",
    "registers the group of a request with waitUntil before anything can cut it off",
    { revision: 2, needs: ["handler"] },
    async (trial) => {
      const { ctx, response } = send(trial, () => pause(5).then(() => new Response(null)));
      const { kept } = ctx;
      await response;
      await ended(trial, ctx);
      check(kept > 0, "waitUntil should have been called by the time the handler first waits");
    },
  ),
  caseOf(
    "RT-5",
    "drains-after-response",
    "sends the response at once, and stays alive until its members and their cleanups have ended",
    { revision: 2, needs: ["handler"] },
    async (trial) => {
      const { ctx, response } = send(trial, (group) => {
        group.createTask(linger(trial, "member", 20));
        setTimeout(() => group.cancel(), 50);
        return new Response(null, { status: 202 });
      });
      equal([(await response).status, trial.clock.now(), ctx.isAlive], [202, 0, true], "the response, when, and alive");
      await pause(60);
      equal(ctx.isAlive, true, "alive while a member cleans up");
      await pause(20);
      equal([ctx.isAlive, ctx.rejections], [false, []], "alive after the end, and what waitUntil saw");
    },
  ),
  caseOf(
    "RT-5",
    "failure-before",
    "rejects with the group of a failure before the response, once all has drained",
    { revision: 2, needs: ["handler", "ExceptionGroup"] },
    async (trial) => {
      const { ctx, response } = send(trial, async (group) => {
        group.createTask(linger(trial, "sibling", 20));
        group.createTask(() => pause(5).then(() => Promise.reject(boom)));
        await group.idle();
        return new Response(null);
      });
      const error = await rejectionOf(response);
      check(error instanceof trial.api.ExceptionGroup, "it should reject with an ExceptionGroup");
      equal([error.errors, trial.clock.now()], [[boom], 25], "the errors, and when");
      await ended(trial, ctx);
      equal([ctx.isAlive, ctx.rejections], [false, []], "alive after the end, and what waitUntil saw");
    },
  ),
  caseOf(
    "RT-5",
    "failure-unseen",
    "doesn't send the response of a handler whose group had failed by then",
    { revision: 2, needs: ["handler"] },
    async (trial) => {
      const { ctx, response } = send(trial, async (group) => {
        group.createTask(() => Promise.reject(boom));
        await pause(5);
        return new Response(null);
      });
      await rejectionOf(response);
      await ended(trial, ctx);
    },
  ),
  caseOf(
    "RT-5",
    "failure-after",
    "reports a failure after the response, which stands",
    { revision: 2, needs: ["handler", "reports"] },
    async (trial) => {
      const { ctx, response } = send(trial, (group) => {
        group.createTask(() => pause(5).then(() => Promise.reject(boom)));
        return new Response(null, { status: 202 });
      });
      equal((await response).status, 202, "the status");
      await pause(10);
      await ended(trial, ctx);
      equal([trial.reports, ctx.rejections], [[{ error: boom }], []], "the reports, and what waitUntil saw");
    },
  ),
  caseOf(
    "RT-5",
    "disconnect",
    "cancels the group when the client goes away, with a DisconnectedError caused by the signal's reason",
    { revision: 2, needs: ["handler", "DisconnectedError", "scope.reason"] },
    async (trial) => {
      let reason: unknown;
      const { ctx, client, response } = send(trial, async (group) => {
        group.onCancel((why) => void (reason = why));
        await group.sleep(1000);
      });
      response.catch(() => {});
      setTimeout(() => client.abort(gone), 5);
      await pause(10);
      await ended(trial, ctx);
      check(reason instanceof trial.api.DisconnectedError, "the reason should be a DisconnectedError");
      equal([reason.cause, ctx.isAlive, trial.reports], [gone, false, []], "the cause, alive, and the reports");
    },
  ),
  caseOf(
    "RT-5",
    "streaming",
    "keeps the group open until the body of the response has been read",
    { revision: 2, needs: ["handler", "group.defer"] },
    async (trial) => {
      let isClosed = false;
      const { ctx, response } = send(trial, (group) => {
        group.defer(() => void (isClosed = true));
        return new Response(bodyOf(["a", "b", "c"], () => {}));
      });
      const sent = await response;
      await trial.clock.settle();
      const before = isClosed;
      const text = await sent.text();
      await ended(trial, ctx);
      equal(
        [before, text, isClosed, ctx.isAlive],
        [false, "abc", true, false],
        "closed before, the text, closed, alive",
      );
    },
  ),
  caseOf(
    "RT-5",
    "abandoned",
    "cancels the group, and the body's source, when the body of the response is abandoned",
    { revision: 2, needs: ["handler", "DisconnectedError", "scope.reason"] },
    async (trial) => {
      let reason: unknown;
      let isSourceCancelled = false;
      const { ctx, response } = send(trial, (group) => {
        group.onCancel((why) => void (reason = why));
        return new Response(
          bodyOf(Array.from<string>({ length: 1000 }).fill("piece"), () => void (isSourceCancelled = true)),
        );
      });
      const reader = (await response).body?.getReader();
      await reader?.read();
      await reader?.cancel(gone);
      // The next piece finds nobody: some hosts tell only then.
      for (let turn = 0; turn < 50 && ctx.isAlive; turn++) await pause(1);
      await ended(trial, ctx);
      check(reason instanceof trial.api.DisconnectedError, "the reason should be a DisconnectedError");
      equal([isSourceCancelled, ctx.isAlive, trial.reports], [true, false, []], "source cancelled, alive, the reports");
    },
  ),
  caseOf(
    "RT-5",
    "budget",
    "cancels before the 30 s of waitUntil are over, by a TimeoutError that says so, and warns by the task's name",
    { revision: 2, needs: ["handler", "TimeoutError", "reports", "scope.reason"] },
    async (trial) => {
      let reason: unknown;
      const { ctx, response } = send(trial, (group) => {
        group.onCancel((why) => void (reason = why));
        group.createTask(() => trial.sleep(group, 1e6), { name: "endless" });
        return new Response(null);
      });
      await response;
      await pause(30_000);
      check(reason instanceof trial.api.TimeoutError, "the reason should be a TimeoutError");
      check(reason.message.includes("waitUntil"), `it should name waitUntil: ${reason.message}`);
      const [report] = trial.reports;
      const warning = report !== undefined && "warning" in report ? report.warning : "";
      check(warning.includes("endless"), "a warning should name what was open");
      equal([trial.reports.length, ctx.isAlive], [1, false], "the reports, and alive");
    },
  ),
  caseOf(
    "RT-5",
    "own-state",
    "keeps what fails in one request from the others",
    { revision: 2, needs: ["handler"] },
    async (trial) => {
      const sent = Array.from({ length: 5 }, (_, n) =>
        send(trial, async (group) => {
          group.createTask(() => pause(5).then(() => (n === 2 ? Promise.reject(boom) : undefined)));
          await group.idle();
          return new Response(null);
        }),
      );
      const outcomes = await Promise.allSettled(sent.map(({ response }) => response));
      for (const { ctx } of sent) await ended(trial, ctx);
      equal(
        [outcomes.map(({ status }) => status === "fulfilled"), sent.some(({ ctx }) => ctx.isAlive)],
        [[true, true, false, true, true], false],
        "which were answered, and whether one is alive",
      );
    },
  ),
  caseOf(
    "RT-5",
    "request-scope",
    "ends the group of a router's own by its response",
    { revision: 2, needs: ["handler", "requestScope"] },
    async (trial) => {
      if (typeof Request !== "function") trial.skip("the host has no Request");
      const [ctx, client] = [new Context(), trial.controller()];
      const group = workersOf(trial).requestScope(requestOf(client), ctx);
      group.createTask(linger(trial, "member", 5));
      setTimeout(() => client.abort(gone), 20);
      const response = await group.respond(new Response(null, { status: 202 }));
      await pause(10);
      equal([response.status, ctx.isAlive], [202, true], "the status, and alive");
      await pause(20);
      await ended(trial, ctx);
      equal([ctx.isAlive, ctx.rejections, trial.reports], [false, [], []], "alive, what waitUntil saw, the reports");
    },
  ),
];
