import { expectTypeOf } from "vitest";
import type {
  AsCompletedFn,
  FirstSuccessFn,
  Fn,
  GatherFn,
  MapFn,
  MapIterable,
  MapOptions,
  Mapper,
  Scope,
  Settled,
  TaskGroupOptions,
  TaskInfo,
  TaskScope,
} from "@cohort/core";

// Written as a user would, without annotations: what is expected is what TypeScript infers.

declare const gather: GatherFn;
declare const firstSuccess: FirstSuccessFn;
declare const asCompleted: AsCompletedFn;
declare const map: MapFn;
declare const scope: Scope;

interface Page {
  readonly url: string;
}
declare function download(url: string, options: { signal: AbortSignal }): Promise<Page>;
declare const urls: readonly string[];
declare const isSettled: boolean;

// ── gather: the shape of the functions ──
expectTypeOf(gather([() => 1, async () => "a"])).toEqualTypeOf<Promise<[number, string]>>();
expectTypeOf(gather([])).toEqualTypeOf<Promise<[]>>();
const [page, size] = await gather([({ signal }) => download("/", { signal }), () => 7]);
expectTypeOf(page).toEqualTypeOf<Page>();
expectTypeOf(size).toEqualTypeOf<number>();

const both = await gather({ user: ({ signal }) => download("/", { signal }), orders: async () => [1], n: () => null });
expectTypeOf(both).toEqualTypeOf<{ user: Page; orders: number[]; n: null }>();
expectTypeOf(gather({})).toEqualTypeOf<Promise<{}>>();

expectTypeOf(
  gather(
    urls.map(
      (url) =>
        ({ signal }: TaskScope) =>
          download(url, { signal }),
    ),
  ),
).toEqualTypeOf<Promise<Page[]>>();
expectTypeOf(gather(urls.map((url) => () => url.length))).toEqualTypeOf<Promise<number[]>>();
declare const byName: Record<string, () => Promise<Page>>;
expectTypeOf(gather(byName)).toEqualTypeOf<Promise<Record<string, Page>>>();
declare const either: (() => Promise<number>) | (() => string);
expectTypeOf(gather([either])).toEqualTypeOf<Promise<[number | string]>>();
expectTypeOf(gather([() => {}, () => Promise.reject<never>(new Error("no"))])).toEqualTypeOf<Promise<[void, never]>>();
const named = [() => 1, () => "a"] as const;
expectTypeOf(gather(named)).toEqualTypeOf<Promise<[number, string]>>();

// ── gather: settled ──
expectTypeOf(gather([() => 1, async () => "a"], { settled: true })).toEqualTypeOf<
  Promise<[Settled<number>, Settled<string>]>
>();
expectTypeOf(gather({ a: () => 1 }, { settled: true, limit: 2 })).toEqualTypeOf<Promise<{ a: Settled<number> }>>();
expectTypeOf(gather([() => 1], { settled: false })).toEqualTypeOf<Promise<[number]>>();
expectTypeOf(gather([() => 1], { settled: undefined })).toEqualTypeOf<Promise<[number]>>();
expectTypeOf(gather([() => 1], { limit: 2 })).toEqualTypeOf<Promise<[number]>>();
expectTypeOf(gather([() => 1], { settled: isSettled })).toEqualTypeOf<Promise<[Settled<number>] | [number]>>();
const [outcome] = await gather([() => 1], { settled: true });
expectTypeOf(outcome.task).toEqualTypeOf<TaskInfo>();
if (outcome.status === "fulfilled") expectTypeOf(outcome.value).toEqualTypeOf<number>();
else expectTypeOf(outcome.reason).toBeAny(); // PromiseRejectedResult's own

// @ts-expect-error -- functions, not promises
void gather([download("/", scope)]);
// @ts-expect-error -- a list, not arguments
void gather(() => 1, { limit: 2 });
// @ts-expect-error -- misspelt
void gather([() => 1], { setled: true });
// @ts-expect-error -- a function that needs more than its scope
void gather([(_task: TaskScope, url: string) => url]);

// ── firstSuccess ──
expectTypeOf(firstSuccess([() => 1, async () => 2])).toEqualTypeOf<Promise<number>>();
expectTypeOf(firstSuccess([() => 1, async () => "a"], { limit: 1, timeout: 5 })).toEqualTypeOf<
  Promise<number | string>
>();
expectTypeOf(
  firstSuccess(
    urls.map(
      (url) =>
        ({ signal }: TaskScope) =>
          download(url, { signal }),
    ),
  ),
).toEqualTypeOf<Promise<Page>>();
expectTypeOf(firstSuccess([({ signal }) => download("/a", { signal }), (task) => download("/b", task)])).toEqualTypeOf<
  Promise<Page>
>();
// @ts-expect-error -- a list
void firstSuccess({ a: () => 1 });

// ── asCompleted ──
for await (const settled of asCompleted([() => 1, async () => "a"], { limit: 2 })) {
  expectTypeOf(settled).toEqualTypeOf<Settled<number | string>>();
  expectTypeOf(settled.task).toEqualTypeOf<TaskInfo>();
  if (settled.status === "fulfilled") expectTypeOf(settled.value).toEqualTypeOf<number | string>();
}
for await (const { status, task } of asCompleted(urls.map((url) => () => download(url, scope)))) {
  expectTypeOf(status).toEqualTypeOf<"fulfilled" | "rejected">();
  expectTypeOf(task.name).toEqualTypeOf<string>();
}

// ── map ──
expectTypeOf(map([1, 2], async (n) => String(n))).toEqualTypeOf<MapIterable<string>>();
expectTypeOf(map([1, 2], (n) => n > 1).toArray()).toEqualTypeOf<Promise<boolean[]>>();
for await (const result of map(urls, (url, { signal }, index) => {
  expectTypeOf(url).toEqualTypeOf<string>();
  expectTypeOf(index).toEqualTypeOf<number>();
  return download(url, { signal });
})) {
  expectTypeOf(result).toEqualTypeOf<Page>();
}
async function* lines() {
  yield { text: "a" };
}
const options = { limit: 5, ordered: false, buffer: 10, timeout: 5, signal: null, grace: 1 };
expectTypeOf(map(lines(), ({ text }) => text.length, options)).toEqualTypeOf<MapIterable<number>>();
expectTypeOf(map(new Set([1]), (n) => n, { taskName: (n, index) => `${n.toFixed()} ${index}` })).toEqualTypeOf<
  MapIterable<number>
>();
expectTypeOf(map(new Map([["a", 1]]), ([key, n]) => ({ [key]: n }))).toEqualTypeOf<
  MapIterable<{ [x: string]: number }>
>();
expectTypeOf(map("text", (character) => character)).toEqualTypeOf<MapIterable<string>>();
expectTypeOf(map(new ReadableStream<Uint8Array>(), (chunk) => chunk.length)).toEqualTypeOf<MapIterable<number>>();
expectTypeOf(
  map(
    map([1], (n) => `${n}`),
    (text) => text.length,
  ),
).toEqualTypeOf<MapIterable<number>>();
declare const source: Iterable<number> | AsyncIterable<number>;
expectTypeOf(map(source, (n) => n)).toEqualTypeOf<MapIterable<number>>();
expectTypeOf<MapIterable<number>>().toExtend<AsyncIterableIterator<number>>();
expectTypeOf<Mapper<number, string>>().parameters.toEqualTypeOf<[number, TaskScope, number]>();

// @ts-expect-error -- nothing to iterate
void map(5, (n) => n);
// @ts-expect-error -- a function
void map([1]);
// @ts-expect-error -- misspelt
void map([1], (n) => n, { limt: 5 });
// @ts-expect-error -- its tasks have names, by taskName
void map([1], (n) => n, { name: "map" });
// @ts-expect-error -- a name is a string
void map([1], (n) => n, { taskName: (n) => n });

// ── methods of every scope ──
expectTypeOf(scope.gather([() => 1, async () => "a"])).toEqualTypeOf<Promise<[number, string]>>();
expectTypeOf(scope.gather({ a: () => 1 }, { settled: true })).toEqualTypeOf<Promise<{ a: Settled<number> }>>();
expectTypeOf(scope.firstSuccess([() => 1, () => "a"])).toEqualTypeOf<Promise<number | string>>();
expectTypeOf(scope.asCompleted([() => 1])).toEqualTypeOf<AsyncIterableIterator<Settled<number>>>();
expectTypeOf(scope.map(urls, ({ length }) => length, { limit: 2 })).toEqualTypeOf<MapIterable<number>>();
const { gather: all, map: each } = scope;
expectTypeOf(all([({ name }) => name])).toEqualTypeOf<Promise<[string]>>();
expectTypeOf(each([1], (n) => n).toArray()).toEqualTypeOf<Promise<number[]>>();
// @ts-expect-error -- its parent is the scope that it is called on
void scope.gather([() => 1], { parent: scope });
// @ts-expect-error -- the same
void scope.map([1], (n) => n, { parent: scope });
void gather([() => 1], { parent: scope });
void map([1], (n) => n, { parent: scope });

// ── options under exactOptionalPropertyTypes: `undefined` may be written out ──
declare const undecided: TaskGroupOptions & { settled?: undefined };
void gather([() => 1], { ...undecided, limit: undefined, timeout: undefined });
void map([1], (n) => n, { limit: undefined, ordered: undefined, buffer: undefined, taskName: undefined });
expectTypeOf<MapOptions<number>["taskName"]>().toEqualTypeOf<((item: number, index: number) => string) | undefined>();
expectTypeOf<Fn>().toEqualTypeOf<(task: TaskScope) => unknown>();
