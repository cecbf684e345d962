import { CancelledError, type OpenTaskGroup, type TaskGroup } from "@cohort/core";
import { adapter } from "./adapter.ts";
import { openTaskGroup } from "./functions.ts";

/**
 * What a `fetch` and the reading of its body say in Chromium, Firefox and WebKit when the engine has stopped the page's
 * loads, which it does just before `pagehide`: as if the network had failed.
 */
const STOPPED = [
  "Failed to fetch",
  "network error",
  "NetworkError when attempting to fetch resource.",
  "Error in body stream",
  "Load failed",
];

let page: OpenTaskGroup | undefined;

/**
 * The task group of this page, or of this worker: the parent of work that nothing narrower owns. It is made by the first
 * call, and cancelled on `pagehide`, with a `CancelledError` that says so, unless the page goes to the back/forward cache
 * (RT-4). A worker's lives as long as the worker. Trio's counterpart is the system nursery.
 *
 * It supervises: a member that fails cancels nobody, since one broken widget is no reason to stop the others, and its error
 * goes to `reportError`, as one that an event handler throws. That holds for a handle that somebody awaits, too. Work whose
 * failures the caller deals with is opened under it instead, `pageScope().taskGroup(…)`, and rejects to the caller alone.
 *
 * `defer()` and `use()` are for what has to be done at the end of the page; only what begins at once is sure to happen.
 * `cancel()` ends all that the page runs. After that, and in a page that lives on after its `pagehide`, the next call gives
 * a new group.
 *
 * @example
 * ```ts
 * pageScope().createTask(({ signal }) => pollMessages({ signal }), { name: "messages" });
 * const user = await pageScope().failAfter(3000, ({ signal }) => loadUser({ signal }));
 * ```
 */
export function pageScope(): TaskGroup {
  page ??= openPage();
  return page;
}

function openPage(): OpenTaskGroup {
  const controller = new AbortController();
  const gone = new CancelledError("the page has gone (pagehide)");
  const onPageHide = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) controller.abort(gone);
  };
  const group = openTaskGroup({
    name: "page",
    signal: controller.signal,
    isCancellation: (error, reason) => reason === gone && isStopped(error),
    onFailure(error, task) {
      const report = (): void => adapter.reportError(error, task);
      if (!isStopped(error)) report();
      // Other listeners for `pagehide` come first, and the page isn't cancelled yet. A turn later it is, or has no turns.
      else setTimeout(() => group.reason === gone || report(), 0);
    },
  });
  group.onCancel((reason) => {
    globalThis.removeEventListener?.("pagehide", onPageHide);
    page = undefined;
    // What still comes out of it are failures of cleanups, and an exit that nobody can take here.
    group.join().catch((error: unknown) => {
      if (error !== reason) adapter.reportError(error);
    });
  });
  if ("onpagehide" in globalThis) globalThis.addEventListener("pagehide", onPageHide);
  return group;
}

function isStopped(error: unknown): boolean {
  return error instanceof TypeError && STOPPED.includes(error.message);
}
