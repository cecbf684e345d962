// Virtual time
export { useVirtualTime, withVirtualTime } from "./virtual-time.ts";
export { createTestRuntime, type TestRuntime } from "./test-runtime.ts";
export type { Functions } from "./functions.ts";
export type { TestClock, VirtualTimeOptions } from "./test-clock.ts";
export type { Report } from "./virtual-adapter.ts";

// Every order
export { explore, type ExploreKit, type ExploreOptions, type ExploreReport } from "./explore.ts";
export type { Schedule } from "./schedule.ts";

// What happened, and what was left
export { formatTrace, type TraceEvent, type TraceEventName } from "./trace.ts";
export { drawTimeline } from "./timeline.ts";
export { DeadlockError, LeakError, NondeterminismError, ScheduleError } from "./errors.ts";
export type { Leaks } from "./leaks.ts";
