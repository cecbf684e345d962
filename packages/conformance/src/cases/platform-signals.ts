import { type Case, caseOf } from "../case.ts";
import { check, equal, rejectionOf } from "../check.ts";
import type { Trial } from "../trial.ts";
import { pause } from "./pause.ts";

const stop = new Error("stop");

/** The part of the Web Locks that is used here. */
interface Locks {
  request(name: string, callback: () => unknown): Promise<unknown>;
  request(name: string, options: { readonly signal: AbortSignal }, callback: () => unknown): Promise<unknown>;
}

function locksOf(trial: Trial): Locks {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: Locks } };
  return navigator?.locks ?? trial.skip("the host has no Web Locks");
}

function taskController(trial: Trial): AbortController {
  const { TaskController } = globalThis as { readonly TaskController?: new () => AbortController };
  return TaskController === undefined ? trial.skip("the host has no TaskController") : new TaskController();
}

/** Waits for another process of the host's: time goes on meanwhile, since a program that has no timer is taken for stuck. */
async function byHost<T>(promise: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => void (isOver = true);
  promise.then(over, over);
  while (!isOver) await pause(1);
  return promise;
}

/** RT-4: signals of the platform, in and out, beyond those that every host has. */
export const platformSignals: readonly Case[] = [
  caseOf(
    "RT-4",
    "fetch-meanwhile",
    "takes what an aborted fetch rejects with, while it waits, for the cancellation that it is",
    { needs: ["scope.signal", "group.cancel"] },
    async (trial) => {
      // A fetch that is written in JavaScript, as Node's is, leaves a timer of its own behind.
      if (!("PageTransitionEvent" in globalThis)) trial.skip("the host has no pages");
      const value = await trial.api.taskGroup(async (group) => {
        // Nothing listens there; cancelled in the same turn, it has no time to find that out.
        group.createTask(({ signal }) => fetch("http://127.0.0.1:65535/", { signal }));
        await Promise.resolve();
        await Promise.resolve();
        group.cancel();
        return "fine";
      });
      equal(value, "fine");
    },
  ),
  caseOf(
    "RT-4",
    "pipe-to",
    "has signals that pipeTo() takes: it cancels the source and aborts the sink",
    { needs: ["scope.signal", "group.cancel"] },
    async (trial) => {
      if (typeof ReadableStream !== "function" || typeof WritableStream !== "function")
        trial.skip("the host has no web streams");
      let ended = 0;
      await trial.api.taskGroup(async (group) => {
        group.createTask(({ signal }) => {
          // It has something to give always: WebKit's pipe notices an abort between two chunks only.
          const source = new ReadableStream({
            pull: (controller) => controller.enqueue("chunk"),
            cancel: () => void ended++,
          });
          const sink = new WritableStream({
            write: () => new Promise<void>((resolve) => void setTimeout(resolve, 1)),
            abort: () => void ended++,
          });
          return source.pipeTo(sink as never, { signal });
        });
        await trial.sleep(group, 5);
        group.cancel();
      });
      equal(ended, 2, "how many of the two were told");
    },
  ),
  caseOf(
    "RT-4",
    "lock",
    "has signals that the Web Locks take: who waits for a lock leaves the queue",
    { needs: ["scope.signal", "group.cancel"] },
    async (trial) => {
      const locks = locksOf(trial);
      const gate = trial.deferred();
      const name = "cohort conformance";
      const held = trial.deferred();
      const holding = locks.request(name, () => {
        held.resolve();
        return gate.promise;
      });
      await byHost(held.promise);
      let entered = 0;
      const block = trial.api.taskGroup(async (group) => {
        group.createTask(({ signal }) => locks.request(name, { signal }, () => entered++));
        await trial.sleep(group, 5);
        group.cancel();
      });
      await byHost(block);
      gate.resolve();
      await byHost(holding);
      await byHost(locks.request(name, () => {}));
      equal(entered, 0, "how often the one who left got it");
    },
  ),
  caseOf(
    "RT-4",
    "task-signal",
    "is cancelled by the signal of a TaskController, whose reason comes out",
    { needs: ["option.signal"] },
    async (trial) => {
      const controller = taskController(trial);
      setTimeout(() => controller.abort(stop), 5);
      const error = await rejectionOf(
        trial.api.taskGroup({ signal: controller.signal }, (group) => trial.sleep(group, 1000)),
      );
      check(error === stop, "it should reject with the signal's reason");
    },
  ),
];
