import autocannon from "autocannon";
import type { Scope } from "@cohort/node";
import type { Path } from "./answer.ts";

/** What those ask for, one after the other, who read their answers to the end. */
const REQUESTS: readonly Path[] = [
  "/gather",
  "/later",
  "/gather",
  "/stream",
  "/gather",
  "/later",
  "/gather",
  "/fail",
  "/gather",
  "/later",
];

/** In seconds: on a machine that is busy with other things nothing is quick. */
const TIMEOUT_S = 60;

/** Answers by what they were. */
export interface Answers {
  readonly fine: number;
  /** 500, as was asked for. */
  readonly failed: number;
  /** Anything else: another status, a connection that broke, no answer in time. */
  readonly wrong: number;
}

/** So many requests over so many connections. */
export async function stay(amount: number, connections: number, port: number, scope: Scope): Promise<Answers> {
  let stop = (): void => undefined;
  const ended = new Promise<autocannon.Result>((resolve, reject) => {
    const options = {
      url: `http://127.0.0.1:${port}`,
      amount,
      connections,
      timeout: TIMEOUT_S,
      requests: REQUESTS.map((path) => ({ path })),
    };
    const running = autocannon(options, (error, result) => (error ? reject(error as Error) : resolve(result)));
    stop = () => running.stop();
  });
  const forget = scope.onCancel(() => stop());
  try {
    const { "2xx": fine, "5xx": failed, non2xx, errors } = await ended;
    scope.throwIfCancelled();
    return { fine, failed, wrong: non2xx - failed + errors };
  } finally {
    forget();
  }
}
