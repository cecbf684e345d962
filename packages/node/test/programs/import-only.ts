import { isDeepStrictEqual } from "node:util";

const state = (): unknown => [
  process.eventNames().map((event) => [event, process.listenerCount(event)]),
  process.getActiveResourcesInfo(),
  process.exitCode,
];
const before = state();
await import("@cohort/node");
console.log(isDeepStrictEqual(state(), before) ? "nothing was added" : JSON.stringify([before, state()]));
