import { InvalidStateError, type Tie } from "@cohort/core";

/**
 * Ties a block to the request that it is opened in, or to none (RT-5): what another request awaited in it would belong to
 * that one, and die with it. Nobody tells which request the caller runs in, but a signal that was made in one can be read
 * there alone, and none can be made outside of one.
 */
export function tie(): Tie {
  const probe = makeProbe();
  if (probe === undefined) return refuseRequests;
  return ({ title }) => {
    try {
      void probe.aborted;
    } catch (cause) {
      const text = "a group lives in one request, and nothing of another can be awaited in it";
      throw new InvalidStateError(`${title} belongs to another request: ${text}`, { cause });
    }
  };
}

/** What was opened at module scope may be used there, by work that waits for nothing outside. */
function refuseRequests({ title }: { readonly title: string }): void {
  if (makeProbe() === undefined) return;
  throw new InvalidStateError(
    `${title} was opened outside of any request, and no request can use it: open one in each`,
  );
}

function makeProbe(): AbortSignal | undefined {
  try {
    return AbortSignal.abort(null); // a reason of the platform's would keep its stack, and all that is on it
  } catch {
    return undefined;
  }
}
