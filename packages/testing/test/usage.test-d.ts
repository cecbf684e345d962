import { expectTypeOf } from "vitest";
import { runtime } from "@cohort/node";
import {
  createTestRuntime,
  explore,
  type ExploreReport,
  type Report,
  type TestClock,
  type TraceEvent,
  useVirtualTime,
  withVirtualTime,
} from "@cohort/testing";
import { virtualTest } from "@cohort/testing/vitest";

// Everything below is written as a user would, without annotations: what is expected is what TypeScript infers.

expectTypeOf(useVirtualTime(runtime)).toEqualTypeOf<TestClock>();
expectTypeOf(useVirtualTime(runtime, { seed: 1, start: new Date(0), patience: undefined })).toEqualTypeOf<TestClock>();
// @ts-expect-error -- a seed is a number
useVirtualTime(runtime, { seed: "1" });

expectTypeOf(withVirtualTime(runtime, () => 7)).toEqualTypeOf<Promise<number>>();
expectTypeOf(withVirtualTime(runtime, { seed: 1 }, async (clock) => clock.elapsed)).toEqualTypeOf<Promise<number>>();
// @ts-expect-error -- the function comes last
void withVirtualTime(runtime, () => 7, { seed: 1 });

{
  const { clock, taskGroup, sleep } = createTestRuntime();
  expectTypeOf(clock).toEqualTypeOf<TestClock>();
  expectTypeOf(taskGroup((group) => group.createTask(() => 1).result())).toEqualTypeOf<Promise<number>>();
  expectTypeOf(sleep(1)).toEqualTypeOf<Promise<void>>();
  expectTypeOf(clock.trace()).toEqualTypeOf<readonly TraceEvent[]>();
  expectTypeOf(clock.takeReports()).toEqualTypeOf<readonly Report[]>();
  using _held = clock.hold();
}

expectTypeOf(
  explore(
    async ({ step, taskGroup }) => {
      await taskGroup((group) => void group.createTask((task) => step(task)));
      await step(null, "alone");
      return { done: 1 };
    },
    ({ done }) => expectTypeOf(done).toEqualTypeOf<number>(),
  ),
).toEqualTypeOf<Promise<ExploreReport>>();
void explore(
  // @ts-expect-error -- nobody waits without saying for whom
  ({ step }) => step(),
  () => {},
);

const test = virtualTest(runtime, { seed: 1 });
test("a test", ({ clock, expect }) => {
  expectTypeOf(clock).toEqualTypeOf<TestClock>();
  expect(1).toBe(1);
});
