import {
  type BackgroundTaskOptions,
  type BackgroundTasks,
  bindOpenBackgroundTasks,
  type Cancellable,
  type DetachedTask,
  type OpenBackgroundTasksFn,
  type Restart,
  type Runtime,
  type ShutdownOptions,
  type TaskInfo,
  type TaskScope,
} from "@cohort/core";
import { expectTypeOf } from "vitest";

declare const runtime: Runtime;
const openBackgroundTasks = bindOpenBackgroundTasks(runtime);
expectTypeOf(openBackgroundTasks).toEqualTypeOf<OpenBackgroundTasksFn>();
expectTypeOf(openBackgroundTasks).parameter(0).toEqualTypeOf<Cancellable | undefined>();

const set = openBackgroundTasks({ name: "services", timeout: 5, signal: null, parent: undefined });
expectTypeOf(set).toEqualTypeOf<BackgroundTasks>();
expectTypeOf(set).toExtend<AsyncDisposable>();
expectTypeOf(set.size).toEqualTypeOf<number>();
// @ts-expect-error -- it has no limit
void openBackgroundTasks({ limit: 5 });

// ── add, with what a user writes without annotations ──
const task = set.add(
  async (scope) => {
    expectTypeOf(scope).toEqualTypeOf<TaskScope>();
    await scope.sleep(1);
    return "dropped";
  },
  {
    name: "heartbeat",
    onError(error, info) {
      expectTypeOf(error).toEqualTypeOf<unknown>();
      expectTypeOf(info).toEqualTypeOf<TaskInfo>();
    },
    restart: { on: "failure", delay: 100, factor: 2, maxDelay: 1000, jitter: true, intensity: { max: 5, per: 1000 } },
  },
);
expectTypeOf(task).toEqualTypeOf<DetachedTask<void>>();
expectTypeOf(await task).toEqualTypeOf<void>();
expectTypeOf(task.cancel("why")).toEqualTypeOf<boolean>();
void set.add(() => 7, { name: "n", onError: () => {} });
void set.add(() => {}, { name: "n", onError: () => {}, restart: undefined });
void set.add(() => {}, { name: "n", onError: () => {}, restart: { on: "always", delay: 0, factor: undefined } });

// @ts-expect-error -- every service has a handler
void set.add(() => {}, { name: "n" });
// @ts-expect-error -- and a name
void set.add(() => {}, { onError: () => {} });
// @ts-expect-error -- both
void set.add(() => {});
// @ts-expect-error -- after what, and how long?
void set.add(() => {}, { name: "n", onError: () => {}, restart: {} });
// @ts-expect-error -- no such end
void set.add(() => {}, { name: "n", onError: () => {}, restart: { on: "success", delay: 1 } });
// @ts-expect-error -- both of an intensity
void set.add(() => {}, { name: "n", onError: () => {}, restart: { on: "always", delay: 1, intensity: { max: 1 } } });

// ── shutdown ──
expectTypeOf(set.shutdown()).toEqualTypeOf<Promise<void>>();
expectTypeOf(set.shutdown({ cancelAfter: 5, abandonAfter: undefined })).toEqualTypeOf<Promise<void>>();
expectTypeOf(set.shutdown).parameter(0).toEqualTypeOf<ShutdownOptions | undefined>();
// @ts-expect-error -- misspelt
void set.shutdown({ cancelafter: 5 });

// ── it works destructured, and the options can be kept ──
const { add, shutdown } = set;
const restart: Restart = { on: "failure", delay: 100 };
const options: BackgroundTaskOptions = { name: "n", onError: () => {}, restart };
void add(() => {}, options);
void shutdown();

async function scoped(): Promise<void> {
  await using services = openBackgroundTasks();
  expectTypeOf(services).toEqualTypeOf<BackgroundTasks>();
}
expectTypeOf(scoped).returns.toEqualTypeOf<Promise<void>>();
