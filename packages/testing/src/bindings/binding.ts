import type { Runtime } from "@cohort/core";
import type { TestClock, VirtualTimeOptions } from "../test-clock.ts";
import { withVirtualTime } from "../virtual-time.ts";

/** What a test under virtual time gets. */
export interface VirtualTestContext {
  readonly clock: TestClock;
}

/** A runner's own way to declare a test, under virtual time. */
export interface VirtualTest {
  (name: string, body: (context: VirtualTestContext) => unknown): void;
  /** Only this one. */
  only(name: string, body: (context: VirtualTestContext) => unknown): void;
  /** Not this one. */
  skip(name: string, body: (context: VirtualTestContext) => unknown): void;
}

type Declare = (name: string, body: () => Promise<void>) => unknown;

/** The clocks of tests that haven't ended. */
const open: WeakMap<Runtime, TestClock> = /* @__PURE__ */ new WeakMap();

/** Puts virtual time into a runner's way to declare a test. */
export function virtualTestBy(
  test: Declare & { readonly only: Declare; readonly skip: Declare },
  runtime: Runtime,
  options: VirtualTimeOptions = {},
): VirtualTest {
  const run = async (body: (context: VirtualTestContext) => unknown): Promise<void> => {
    // A test that the runner has given up, since it took too long, has the runtime still. It has failed already.
    await open
      .get(runtime)
      ?.close()
      .catch(() => {});
    await withVirtualTime(runtime, options, async (clock) => {
      open.set(runtime, clock);
      await body({ clock });
    });
  };
  // Looked up when it is asked for: bun's `test.only` throws at the very reading of it where `CI` is set.
  const by =
    (declare: () => Declare): VirtualTest["only"] =>
    (name, body) =>
      void declare()(name, () => run(body));
  return Object.assign(
    by(() => test),
    { only: by(() => test.only), skip: by(() => test.skip) },
  );
}
