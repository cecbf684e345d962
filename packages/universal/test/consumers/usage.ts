import {
  detach,
  type ExceptionGroup,
  exceptStar,
  failAfter,
  type For,
  type GroupPolicy,
  moveOnAfter,
  openTaskGroup,
  type Scope,
  sleep,
  type Task,
  taskGroup,
  type TaskGroup,
} from "@cohort/universal";
import { same } from "./same.ts";

// What a program looks like that knows no platform but an AbortSignal. It is compiled under each platform's types.

class HttpError extends Error {
  readonly status: number = 500;
}
class ParseError extends Error {
  readonly line: number = 1;
}
declare function download(url: string, options: { signal: AbortSignal }): Promise<string>;
declare function query(sql: string, signal: AbortSignal | undefined): Promise<readonly number[]>;

export async function crawl(urls: readonly string[], options: { signal?: AbortSignal; limit?: number } = {}) {
  const pages = await taskGroup({ name: "crawl", timeout: 3000, ...options }, async (group) =>
    urls.map((url) => group.createTask(({ signal }) => download(url, { signal }), { name: url })),
  );
  same<typeof pages, Task<string>[]>(true);
  return pages.map((page) => page.result().length);
}
same<ReturnType<typeof crawl>, Promise<number[]>>(true);

export async function both(signal?: AbortSignal) {
  return await taskGroup({ signal }, async ({ createTask, defer, onCancel }) => {
    using _stop = onCancel(() => {});
    defer(async () => {});
    const user = createTask(({ signal: own }) => query("user", own));
    const name = createTask((task) => download("name", task));
    return await Promise.all([user, name]);
  });
}
same<Awaited<ReturnType<typeof both>>, [readonly number[], string]>(true);

export async function within(scope: Scope) {
  const moved = await scope.moveOnAfter(100, ({ signal }) => download("slow", { signal }));
  if (moved.timedOut) return undefined;
  same<typeof moved.value, string>(true);
  const top = await moveOnAfter(1, () => 1, { parent: scope });
  return top.timedOut ? moved.value : await failAfter(top.value, () => scope.shield(() => moved.value));
}
same<ReturnType<typeof within>, Promise<string | undefined>>(true);

export async function open(): Promise<number> {
  await using group = openTaskGroup({ limit: 2 });
  const task = group.createTask(() => 7);
  await group.join();
  return task.result();
}

export const count = (n: number): Required<GroupPolicy<number>> => {
  let done = 0;
  return {
    onSettled: ({ outcome }) => (outcome.status === "fulfilled" && ++done === n ? "close" : "continue"),
    result: () => done,
  };
};
export const firstTwo = (group: TaskGroup) =>
  group.taskGroup({ policy: count(2) }, ({ createTask }) => createTask(() => {}));
same<ReturnType<typeof firstTwo>, Promise<number>>(true);

export async function handled(error: unknown, log: (line: string) => void): Promise<void> {
  await exceptStar(
    error,
    [
      HttpError,
      (group) => {
        for (const { error: each, task } of group.leaves()) log(`${task?.name} ${each.status}`);
      },
    ],
    [[ParseError, HttpError], (group) => same<typeof group, ExceptionGroup<ParseError | HttpError>>(true)],
  );
}

export const waits = (scope: For | null) =>
  Promise.all([sleep(1, scope), detach(({ sleep: nap }) => nap(1), { name: "nap" })]);
same<ReturnType<typeof waits>, Promise<[void, void]>>(true);
