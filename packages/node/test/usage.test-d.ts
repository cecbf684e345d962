import { readFile } from "node:fs/promises";
import { expectTypeOf } from "vitest";
import type * as cohort from "@cohort/node";
import {
  addInstrument,
  abortable,
  currentTask,
  type DeadlineScope,
  detach,
  type DetachedTask,
  exceptStar,
  type ExceptionGroup,
  failAfter,
  failAt,
  type Failure,
  formatTaskTree,
  type GroupPolicy,
  inspectTasks,
  main,
  moveOnAfter,
  now,
  type OpenTaskGroup,
  openTaskGroup,
  runtime,
  type Runtime,
  type Scope,
  type ShieldScope,
  sleep,
  type Task,
  type TaskGroup,
  taskGroup,
  type TaskGroupOptions,
  type TaskInfo,
  type TaskNode,
  type TaskOptions,
  type TaskScope,
  type TaskState,
} from "@cohort/node";

// Everything below is written as a user would, without annotations: what is expected is what TypeScript infers.

class HttpError extends Error {
  readonly status: number = 500;
}
interface Page {
  readonly url: string;
  readonly size: number;
}
declare function download(url: string, options: { signal: AbortSignal }): Promise<Page>;
declare const urls: readonly string[];
declare const caught: unknown;

// ── the body's value ──
expectTypeOf(taskGroup(() => 7)).toEqualTypeOf<Promise<number>>();
expectTypeOf(taskGroup(async () => "text" as const)).toEqualTypeOf<Promise<"text">>();
expectTypeOf(taskGroup(() => {})).toEqualTypeOf<Promise<void>>();
expectTypeOf(taskGroup({}, async () => ({ a: 1 }))).toEqualTypeOf<Promise<{ a: number }>>();
expectTypeOf(taskGroup({ limit: 2, timeout: 3, name: "n" }, () => [1, "a"] as const)).toEqualTypeOf<
  Promise<readonly [1, "a"]>
>();
const settledAtRandom = taskGroup((group) => (group.isCancelled() ? Promise.resolve(1) : 2));
expectTypeOf(settledAtRandom).toEqualTypeOf<Promise<number>>();

// ── createTask ──
void taskGroup(async (group) => {
  expectTypeOf(group).toEqualTypeOf<TaskGroup>();
  expectTypeOf(group.createTask(() => 1)).toEqualTypeOf<Task<number>>();
  expectTypeOf(group.createTask(async () => "a")).toEqualTypeOf<Task<string>>();
  expectTypeOf(group.createTask(({ signal }) => download("/", { signal }))).toEqualTypeOf<Task<Page>>();
  expectTypeOf(group.createTask(({ signal }) => readFile("f", { encoding: "utf8", signal }))).toEqualTypeOf<
    Task<string>
  >();
  expectTypeOf(group.createTask(() => {}, { name: "n", eager: true, background: true })).toEqualTypeOf<Task<void>>();

  const task = group.createTask((scope) => {
    expectTypeOf(scope).toEqualTypeOf<TaskScope>();
    return download("/", scope);
  });
  expectTypeOf(await task).toEqualTypeOf<Page>();
  expectTypeOf(task.result()).toEqualTypeOf<Page>();
  expectTypeOf(task.settled()).toEqualTypeOf<PromiseSettledResult<Page> | undefined>();
  expectTypeOf(task.state).toEqualTypeOf<TaskState>();
  expectTypeOf(task.cancel("why")).toEqualTypeOf<boolean>();
  expectTypeOf(task.then(({ size }) => size)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(task.then()).toEqualTypeOf<Promise<Page>>();
  expectTypeOf(task.catch(() => 0)).toEqualTypeOf<Promise<Page | number>>();
  expectTypeOf(task.finally(() => {})).toEqualTypeOf<Promise<Page>>();
  expectTypeOf<Awaited<typeof task>>().toEqualTypeOf<Page>();

  // As gather does it: an array of handles, awaited together or one by one.
  const tasks = urls.map((url) => group.createTask(({ signal }) => download(url, { signal }), { name: url }));
  expectTypeOf(tasks).toEqualTypeOf<Task<Page>[]>();
  expectTypeOf(await Promise.all(tasks)).toEqualTypeOf<Page[]>();
  expectTypeOf(tasks.map((each) => each.result())).toEqualTypeOf<Page[]>();
  const both = [group.createTask(() => 1), group.createTask(() => "a")] as const;
  expectTypeOf(await Promise.all(both)).toEqualTypeOf<[number, string]>();
  const [a, b] = await Promise.all([group.createTask(() => 1), group.createTask(() => "a")]);
  expectTypeOf(a).toEqualTypeOf<number>();
  expectTypeOf(b).toEqualTypeOf<string>();
  expectTypeOf(await Promise.race([task, group.createTask(() => 1)])).toEqualTypeOf<Page | number>();
  expectTypeOf(await Promise.allSettled([task])).toEqualTypeOf<[PromiseSettledResult<Page>]>();

  expectTypeOf(group.size).toEqualTypeOf<number>();
  expectTypeOf([...group.tasks]).toEqualTypeOf<Task<unknown>[]>();
  expectTypeOf(group.idle()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(group.cancel()).toEqualTypeOf<void>();

  // @ts-expect-error -- a function, not a promise
  group.createTask(download("/", group));
  // @ts-expect-error -- misspelt
  group.createTask(() => 1, { nme: "n" });
});

// The handles leave through the body: an array of them isn't awaited.
expectTypeOf(taskGroup((group) => urls.map((url) => group.createTask(() => url.length)))).toEqualTypeOf<
  Promise<Task<number>[]>
>();
expectTypeOf(
  taskGroup({ limit: 5 }, async (group) => [group.createTask(() => 1), group.createTask(() => "a")] as const),
).toEqualTypeOf<Promise<readonly [Task<number>, Task<string>]>>();
expectTypeOf(taskGroup((group) => ({ page: group.createTask(() => 1) }))).toEqualTypeOf<
  Promise<{ page: Task<number> }>
>();

// ── start ──
void taskGroup(async ({ start }) => {
  expectTypeOf(await start(async (_task, started) => started())).toEqualTypeOf<void>();
  expectTypeOf(await start<number>((_task, started) => started(8080), { name: "http" })).toEqualTypeOf<number>();
  const port = await start(async ({ sleep: nap }, started: (port: number) => void) => {
    started(80);
    await nap(1);
  });
  expectTypeOf(port).toEqualTypeOf<number>();
  // @ts-expect-error -- started says a number
  await start<number>((_task, started) => started("80"));
});

// ── scopes, whole and destructured ──
void taskGroup(
  async ({ createTask, signal, sleep: nap, isCancelled, onCancel, abortable: follow, defer, use, cancel, idle }) => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(nap(1)).toEqualTypeOf<Promise<void>>();
    expectTypeOf(isCancelled()).toEqualTypeOf<boolean>();
    expectTypeOf(follow(Promise.resolve("a"))).toEqualTypeOf<Promise<string>>();
    defer(async () => {});
    cancel();
    await idle();

    // onCancel's answer is called, or disposed of.
    const stop = onCancel((reason) => expectTypeOf(reason).toEqualTypeOf<unknown>());
    expectTypeOf(stop).toEqualTypeOf<(() => void) & Disposable>();
    stop();
    {
      using _stop = onCancel(() => {});
    }

    const resource = use({ size: 1, [Symbol.dispose]() {} });
    expectTypeOf(resource.size).toEqualTypeOf<number>();
    const late = use({ url: "a", async [Symbol.asyncDispose]() {} });
    expectTypeOf(late.url).toEqualTypeOf<string>();
    // @ts-expect-error -- nothing to dispose of
    use({ size: 1 });

    createTask(
      async ({ name, path, id, reason, throwIfCancelled, isCancellation, taskGroup: nest, failAfter: within }) => {
        expectTypeOf(name).toEqualTypeOf<string>();
        expectTypeOf(path).toEqualTypeOf<readonly string[]>();
        expectTypeOf(id).toEqualTypeOf<number>();
        expectTypeOf(reason).toEqualTypeOf<unknown>();
        expectTypeOf(throwIfCancelled()).toEqualTypeOf<void>();
        expectTypeOf(isCancellation(caught)).toEqualTypeOf<boolean>();
        expectTypeOf(await nest(({ createTask: add }) => add(() => 1).then(String))).toEqualTypeOf<string>();
        expectTypeOf(await nest({ limit: 1, name: "inner" }, () => true)).toEqualTypeOf<boolean>();
        expectTypeOf(await within(5, ({ signal: inner }) => download("/", { signal: inner }))).toEqualTypeOf<Page>();
        // @ts-expect-error -- its parent is the scope that it is called on
        await nest({ parent: undefined as unknown as Scope }, () => 1);
      },
    );
  },
);

// ── deadlines ──
expectTypeOf(failAfter(5, () => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(failAt(new Date(), async () => "a")).toEqualTypeOf<Promise<string>>();
expectTypeOf(failAt(now() + 5, () => 1, { grace: 5, name: "n", signal: AbortSignal.timeout(1) })).toEqualTypeOf<
  Promise<number>
>();
void failAfter(5, (scope) => {
  expectTypeOf(scope).toEqualTypeOf<DeadlineScope>();
  expectTypeOf(scope.expired).toEqualTypeOf<boolean>();
  expectTypeOf(scope.when).toEqualTypeOf<number>();
  expectTypeOf(scope.reschedule).parameter(0).toEqualTypeOf<Date | number>();
});
// @ts-expect-error -- its timeout is the first argument
void failAfter(5, () => 1, { timeout: 5 });

const moved = await moveOnAfter(5, ({ signal }) => download("/", { signal }));
expectTypeOf(moved).toEqualTypeOf<{ timedOut: true } | { timedOut: false; value: Page }>();
// @ts-expect-error -- there may be no value
void moved.value;
if (moved.timedOut) {
  expectTypeOf(moved).toEqualTypeOf<{ timedOut: true }>();
} else {
  expectTypeOf(moved.value).toEqualTypeOf<Page>();
}
const { timedOut } = moved;
expectTypeOf(timedOut).toEqualTypeOf<boolean>();

void taskGroup(async ({ shield, moveOnAfter: move, failAt: at }) => {
  expectTypeOf(
    await shield(async (scope) => (expectTypeOf(scope).toEqualTypeOf<ShieldScope>(), 1)),
  ).toEqualTypeOf<number>();
  expectTypeOf(
    await shield({ timeout: 5, cancelAfter: 5, grace: 1 }, ({ outer }) => outer.isCancelled()),
  ).toEqualTypeOf<boolean>();
  const inner = await move(5, () => "a");
  if (!inner.timedOut) expectTypeOf(inner.value).toEqualTypeOf<string>();
  expectTypeOf(await at(Date.now(), () => 1)).toEqualTypeOf<number>();
});

// ── waiting ──
expectTypeOf(sleep(1)).toEqualTypeOf<Promise<void>>();
expectTypeOf(sleep(1, null)).toEqualTypeOf<Promise<void>>();
expectTypeOf(sleep(1, AbortSignal.abort())).toEqualTypeOf<Promise<void>>();
expectTypeOf(abortable(Promise.resolve(1), AbortSignal.abort())).toEqualTypeOf<Promise<number>>();
void taskGroup((group) => [sleep(1, group), abortable(Promise.resolve("a"), group)]);
// @ts-expect-error -- for whom?
void abortable(Promise.resolve(1));

// ── policies ──
const firstTwo = (): Required<GroupPolicy<readonly string[]>> => {
  const names: string[] = [];
  return {
    onSettled({ name, outcome }) {
      expectTypeOf(outcome).toEqualTypeOf<PromiseSettledResult<unknown>>();
      if (outcome.status === "fulfilled") names.push(name);
      return names.length === 2 ? "close" : "continue";
    },
    result: () => names,
  };
};
expectTypeOf(taskGroup({ policy: firstTwo() }, () => 1)).toEqualTypeOf<Promise<readonly string[]>>();
expectTypeOf(
  taskGroup({ policy: { onSettled: () => "continue", result: (_value, failures) => failures } }, () => 1),
).toEqualTypeOf<Promise<readonly Failure[]>>();
expectTypeOf(taskGroup({ policy: { onSettled: ({ id }) => (id > 3 ? "close" : "continue") } }, () => 1)).toEqualTypeOf<
  Promise<number>
>();
// @ts-expect-error -- neither "continue" nor "close"
void taskGroup({ policy: { onSettled: () => "stop" } }, () => 1);

// ── open groups ──
async function open(): Promise<void> {
  await using group = openTaskGroup({ name: "open" });
  expectTypeOf(group).toEqualTypeOf<OpenTaskGroup>();
  const task = group.createTask(() => 1);
  expectTypeOf(await group.join()).toEqualTypeOf<void>();
  expectTypeOf(task.result()).toEqualTypeOf<number>();
  expectTypeOf(group.close()).toEqualTypeOf<Promise<void>>();
}
expectTypeOf(open).returns.toEqualTypeOf<Promise<void>>();

// ── detached tasks ──
const alone = detach(({ signal }) => download("/", { signal }), { name: "alone", timeout: 5 });
expectTypeOf(alone).toEqualTypeOf<DetachedTask<Page>>();
expectTypeOf(alone).toExtend<Promise<Page> & TaskInfo>();
expectTypeOf(await alone).toEqualTypeOf<Page>();
expectTypeOf(alone.cancel()).toEqualTypeOf<boolean>();

// ── except* ──
await exceptStar(
  caught,
  [HttpError, (group) => expectTypeOf(group).toEqualTypeOf<ExceptionGroup<HttpError>>()],
  [
    [RangeError, TypeError],
    async (group) => {
      for (const { error, task } of group.leaves()) {
        expectTypeOf(error).toEqualTypeOf<RangeError | TypeError>();
        expectTypeOf(task).toEqualTypeOf<TaskInfo | undefined>();
      }
    },
  ],
);

// ── options under exactOptionalPropertyTypes: `undefined` may be written out ──
declare const signal: AbortSignal | undefined;
declare const limit: number | undefined;
void taskGroup({ signal, limit, timeout: undefined, name: undefined, parent: undefined, grace: undefined }, () => {});
void taskGroup({ signal: null }, () => {});
void taskGroup(
  (group) => void group.createTask(() => {}, { name: undefined, eager: undefined, background: undefined }),
);
void taskGroup((group) => void openTaskGroup({ parent: group }));
void failAfter(1, () => {}, { parent: undefined, signal: null, abandonAfter: undefined });
void detach(() => {}, { name: undefined, timeout: undefined });
void main(() => {}, { cancelAfter: undefined, signals: undefined });
// @ts-expect-error -- misspelt
void taskGroup({ limt: 5 }, () => {});
// @ts-expect-error -- the function comes last
void taskGroup(() => {}, { limit: 5 });
// @ts-expect-error -- a body
void taskGroup({ limit: 5 });

// ── seeing what runs ──
expectTypeOf(currentTask()).toEqualTypeOf<TaskInfo | undefined>();
expectTypeOf(inspectTasks()).toEqualTypeOf<readonly TaskNode[]>();
expectTypeOf(formatTaskTree(inspectTasks())).toEqualTypeOf<string>();
expectTypeOf(formatTaskTree()).toEqualTypeOf<string>();
{
  using _instrument = addInstrument({ onTaskEnd: ({ name }, outcome) => void [name, outcome.status] });
}
expectTypeOf(runtime).toEqualTypeOf<Runtime>();

// ── main ──
expectTypeOf(main(async (group) => void group.createTask(() => 1))).toEqualTypeOf<Promise<number>>();
void main(({ createTask }) => createTask(() => 1), { signals: ["SIGINT", "SIGHUP"], cancelAfter: 10_000 });
// @ts-expect-error -- no such signal
void main(() => {}, { signals: ["SIGNIT"] });

// ── no `any` anywhere in what is handed out ──
type IsAny<T> = 0 extends 1 & T ? true : false;
type AnyIn<T> = {
  [K in keyof T]-?: IsAny<T[K]> extends true ? K : T[K] extends (...args: infer A) => infer R ? AnyOf<A, R, K> : never;
}[keyof T];
type AnyOf<A extends unknown[], R, K> =
  IsAny<R> extends true ? K : true extends { [I in keyof A]: IsAny<A[I]> }[number] ? K : never;
expectTypeOf<AnyIn<Scope>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<TaskScope>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<TaskGroup>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<OpenTaskGroup>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<DeadlineScope>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<ShieldScope>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<Task<number>>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<TaskInfo>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<TaskNode>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<TaskOptions>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<TaskGroupOptions>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<GroupPolicy>>().toEqualTypeOf<never>();
expectTypeOf<AnyIn<typeof cohort>>().toEqualTypeOf<never>();
// The test itself finds one.
expectTypeOf<AnyIn<{ a: number; b: any; c: (x: any) => void }>>().toEqualTypeOf<"b" | "c">();
