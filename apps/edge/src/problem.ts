import { type ExceptionGroup, exceptStar, type Leaf } from "@cohort/workers";
import { DeadlineError } from "./deadline-error.ts";
import { isPartName, type PartName } from "./part.ts";
import { RequestError } from "./request-error.ts";
import { UnknownProductError, UpstreamError } from "./upstream-error.ts";

/** An error as clients get it (RFC 9457), with the parts that it is about. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly parts?: readonly FailedPart[];
}

interface FailedPart {
  readonly part: PartName | undefined;
  readonly detail: string;
}

/**
 * What to answer instead of a page. What isn't foreseen comes out of here again, alone or as what is left of a group: a
 * mistake of this program, or a cancellation, mustn't pass for an upstream's failure.
 */
export async function problemOf(error: unknown): Promise<Problem> {
  const problems: Problem[] = [];
  const each =
    <E>(problem: (error: E) => Problem) =>
    (group: ExceptionGroup<E>): void => {
      for (const { error } of group.leaves()) problems.push(problem(error as E));
    };
  await exceptStar(
    error,
    [RequestError, each(badRequest)],
    // Before the upstreams' failures: that there is no such product says more than what else went wrong on the way.
    [UnknownProductError, each(unknownProduct)],
    [UpstreamError, (group) => void problems.push(badGateway([...group.leaves()]))],
    [DeadlineError, each(gatewayTimeout)],
  );
  const [first] = problems;
  if (first === undefined) throw error;
  return first;
}

/** What the client gets for a mistake of this program. What it was is in the log. */
export const internalError: Problem = {
  status: 500,
  title: "Internal Server Error",
  detail: "the gateway failed; its log says why",
};

export function problemResponse(problem: Problem): Response {
  return Response.json(problem, {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(problem.status === 405 && { allow: "GET" }),
    },
  });
}

function badRequest({ status, message }: RequestError): Problem {
  const titles = { 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed" };
  return { status, title: titles[status], detail: message };
}

function unknownProduct({ message }: UnknownProductError): Problem {
  return { status: 404, title: "Not Found", detail: message };
}

function badGateway(leaves: readonly Leaf<UpstreamError>[]): Problem {
  // By what is to be said of them: two mirrors that fail alike are one line.
  const parts = new Map(
    leaves.map(({ path, error }) => {
      const failed = { part: path.find(isPartName), detail: error.message };
      return [JSON.stringify(failed), failed];
    }),
  );
  const names = [...new Set([...parts.values()].map(({ part }) => part))].join(", ");
  return {
    status: 502,
    title: "Bad Gateway",
    detail: `the page can't do without what failed: ${names}`,
    parts: [...parts.values()],
  };
}

function gatewayTimeout({ message, parts }: DeadlineError): Problem {
  const late = parts.map((part) => ({ part, detail: "too slow" }));
  return { status: 504, title: "Gateway Timeout", detail: message, parts: late };
}
