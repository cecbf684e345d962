import type { TaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import type { Trial } from "../trial.ts";
import { linger } from "./linger.ts";
import { replaced } from "./replaced.ts";

/** What an adapter for browsers has beside the surface. */
interface BrowserSurface {
  readonly pageScope: () => TaskGroup;
  readonly yieldToMain: (scope: { readonly signal: AbortSignal } | AbortSignal | null) => Promise<void>;
}

type Page = EventTarget & {
  readonly PageTransitionEvent?: new (type: string, init: { readonly persisted: boolean }) => Event;
};

const stop = new Error("stop");

function surfaceOf(trial: Trial): BrowserSurface {
  return trial.api as unknown as BrowserSurface;
}

/** Lets the page go, as far as its scripts can tell. Skips the case in a host that has no pages. */
function hidePage(trial: Trial): (persisted: boolean) => void {
  const page = globalThis as unknown as Page;
  const { PageTransitionEvent } = page;
  if (PageTransitionEvent === undefined) trial.skip("the host has no pages");
  const hide = (persisted: boolean): void =>
    void page.dispatchEvent(new PageTransitionEvent("pagehide", { persisted }));
  // No scope of this case's is to be there for the next.
  trial.afterwards(() => hide(false));
  return hide;
}

const pages: readonly Case[] = [
  caseOf(
    "RT-4",
    "pagehide",
    "cancels the scope of the page on pagehide, and everything under it, which is drained",
    { needs: ["pageScope", "scope.isCancelled"] },
    async (trial) => {
      const hide = hidePage(trial);
      const group = surfaceOf(trial).pageScope();
      const task = group.createTask(linger(trial, "member", 5));
      setTimeout(() => hide(false), 10);
      const error = await rejectionOf(Promise.resolve(task));
      equal([group.isCancelled(), trial.log], [true, ["15 member cleaned up"]], "the scope's state and the log");
      equal(error, group.reason, "what the member was cancelled with");
    },
  ),
  caseOf(
    "RT-4",
    "pagehide-reason",
    "says in the reason that the page went: a CancelledError that names pagehide",
    { needs: ["pageScope", "CancelledError", "scope.reason"] },
    (trial) => {
      const hide = hidePage(trial);
      const group = surfaceOf(trial).pageScope();
      hide(false);
      const { reason } = group;
      check(reason instanceof trial.api.CancelledError, "the reason should be a CancelledError");
      check(reason.message.includes("pagehide"), `the reason should name pagehide, but says: ${reason.message}`);
    },
  ),
  caseOf(
    "RT-4",
    "back-forward-cache",
    "lets the scope of a page live that goes into the back/forward cache",
    { needs: ["pageScope", "scope.isCancelled"] },
    async (trial) => {
      const hide = hidePage(trial);
      const { pageScope } = surfaceOf(trial);
      const group = pageScope();
      const task = group.createTask((member) => trial.sleep(member, 10).then(() => "went on"));
      hide(true);
      equal(
        [group.isCancelled(), pageScope() === group],
        [false, true],
        "that it is cancelled, and that it is the same",
      );
      equal(await task, "went on", "what the member gave");
      hide(false);
      equal(group.isCancelled(), true, "that it is cancelled when the page goes in the end");
    },
  ),
  caseOf(
    "RT-4",
    "page-lives-on",
    "gives a live scope to a page that lives on after its pagehide",
    { needs: ["pageScope", "scope.isCancelled"], level: "SHOULD" },
    async (trial) => {
      const hide = hidePage(trial);
      const { pageScope } = surfaceOf(trial);
      pageScope();
      hide(false);
      await trial.clock.settle();
      const group = pageScope();
      equal(group.isCancelled(), false, "that the next one is cancelled");
      equal(await group.createTask(() => 7), 7, "what a member gave");
    },
  ),
  caseOf(
    "RT-4",
    "page-listeners",
    "keeps no page out of the back/forward cache by a listener for unload or beforeunload",
    { needs: ["pageScope"] },
    async (trial) => {
      const hide = hidePage(trial);
      const host = globalThis as unknown as { addEventListener: (...args: unknown[]) => void };
      const { addEventListener } = host;
      const names: unknown[] = [];
      const listened = (...args: unknown[]): void => {
        names.push(args[0]);
        Reflect.apply(addEventListener, globalThis, args);
      };
      await replaced(host, { addEventListener: listened }, async () => {
        await surfaceOf(trial)
          .pageScope()
          .createTask(() => {});
      });
      hide(false);
      equal(
        names.filter((name) => name === "unload" || name === "beforeunload"),
        [],
        "the listeners",
      );
    },
  ),
];

const yields: readonly Case[] = [
  caseOf(
    "RT-4",
    "yields",
    "yields to the main thread by scheduler.yield(), looked up when it is called",
    { needs: ["yieldToMain"] },
    async (trial) => {
      let calls = 0;
      const scheduler = {
        yield(): Promise<void> {
          calls++;
          return Promise.resolve();
        },
      };
      const host = globalThis as { readonly scheduler?: unknown };
      await replaced(host, { scheduler }, () => surfaceOf(trial).yieldToMain(null));
      equal(calls, 1, "how often it was called");
    },
  ),
  caseOf(
    "RT-4",
    "yields-anywhere",
    "lets other tasks of the page run where there is no scheduler",
    { needs: ["yieldToMain"], level: "SHOULD" },
    async (trial) => {
      const host = globalThis as { readonly scheduler?: unknown };
      let came = false;
      await replaced(host, { scheduler: undefined }, async () => {
        const { port1, port2 } = new MessageChannel();
        (port1 as { onmessage?: (() => void) | null }).onmessage = () => {
          came = true;
          port1.close();
        };
        port2.postMessage(undefined);
        for (let n = 0; n < 100 && !came; n++) await surfaceOf(trial).yieldToMain(null);
        port1.close();
      });
      check(came, "a message should have come meanwhile");
    },
  ),
  caseOf(
    "RT-4",
    "yield-cancelled",
    "rejects with the reason where the scope that yields is cancelled, or has been",
    { needs: ["yieldToMain", "option.signal"] },
    async (trial) => {
      const { yieldToMain } = surfaceOf(trial);
      const controller = trial.controller();
      const never = { yield: () => new Promise<void>(() => {}) };
      const host = globalThis as { readonly scheduler?: unknown };
      await replaced(host, { scheduler: never }, async () => {
        setTimeout(() => controller.abort(stop), 5);
        const meanwhile = await rejectionOf(
          trial.api.taskGroup({ signal: controller.signal }, (group) => yieldToMain(group)),
        );
        const before = await rejectionOf(yieldToMain(controller.signal));
        check(meanwhile === stop && before === stop, "both should reject with the reason");
      });
    },
  ),
];

/** RT-4: the page, and the main thread. */
export const browsers: readonly Case[] = [...pages, ...yields];
