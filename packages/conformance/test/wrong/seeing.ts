import type { WrongImplementation } from "./wrong-implementation.ts";

export const wrongSeeing: readonly WrongImplementation[] = [
  {
    name: "shows all that is open in one flat list",
    file: "inspect.ts",
    find: "      children: nodesUnder(child, now),",
    replace: "      children: [],",
    killedBy: "DX-1.tree",
  },
  {
    name: "doesn't say what cancelled a scope",
    file: "inspect.ts",
    find: "...(child.reason === LIVE ? {} : { cancelledBy: reasonText(child.reason) }),",
    replace: "",
    killedBy: "DX-1.cancelled-by",
  },
  {
    name: "lets an instrument that throws break the program",
    file: "instruments.ts",
    find: "      adapter.reportError(error, info);",
    replace: "      throw error;",
    killedBy: "DX-2.throwing",
  },
  {
    name: "swallows what an instrument throws",
    file: "instruments.ts",
    find: "      adapter.reportError(error, info);",
    replace: "      void adapter;",
    killedBy: "DX-2.throwing-reported",
  },
  {
    name: "goes on telling an instrument that was taken out",
    file: "instruments.ts",
    find: "state.installed = state.installed.filter((other) => other !== instrument);",
    replace: "",
    killedBy: "DX-2.taken-out",
  },
  {
    name: "tells instruments of each scope that a cancellation reaches",
    file: "cancel-scope.ts",
    find: "  for (const scope of marked) {\n",
    replace:
      '  for (const scope of marked) {\n    if (scope !== origin && origin.runtime.isWatched) notify("onCancel", scope, reason);\n',
    killedBy: "DX-2.cancellation",
  },
  {
    name: "gives the stack of the timer to the error of a deadline",
    file: "block.ts",
    find: "captureStackTrace?.(error, settleHere)",
    replace: 'void (error.stack = "Error: at a timer")',
    killedBy: "DX-5.timeout-stack",
  },
  {
    name: "forgets under `debug` where a task was created",
    file: "task-group.ts",
    find: "if (this.isDebug) task.own.createdAt =",
    replace: "if (!this.isDebug) task.own.createdAt =",
    killedBy: "DX-5.created-at",
  },
  {
    name: "takes any AbortError for a cancellation, asked for or not",
    file: "cancellation.ts",
    find: "  if (reason === LIVE) return false;\n",
    replace: "",
    killedBy: "DX-7.live-scope",
  },
  {
    name: "knows no cancellation by a falsy reason",
    file: "cancellation.ts",
    find: "return Object.is(error, reason) ||",
    replace: "return (Boolean(error) && Object.is(error, reason)) ||",
    killedBy: "DX-7.falsy-reason",
  },
  {
    name: "ignores a parent of another copy of the library",
    file: "place.ts",
    find: "signals: [(parent as Scope).signal] };",
    replace: "signals: [] };",
    killedBy: "DX-8.foreign-parent",
  },
  {
    name: "makes a listener on an outside signal for each who waits, by AbortSignal.any",
    file: "block.ts",
    find: "      else this.listen(this.runtime.hubs.of(signal), (reason) => cancel(this, reason));",
    replace:
      '      else (AbortSignal as unknown as { any(s: AbortSignal[]): AbortSignal }).any([signal]).addEventListener("abort", () => cancel(this, signal.reason));',
    killedBy: "RT-1.no-any",
  },
  {
    name: "sets a timer for every task, to see whether it hangs",
    file: "task.ts",
    find: '    this.state = "running";\n',
    replace:
      '    this.state = "running";\n    const { adapter } = this.runtime;\n    adapter.unrefTimer?.(adapter.setTimer(() => {}, 1000));\n',
    killedBy: "RT-1.no-timer",
  },
  {
    name: "leaves the host's AbortError out of what is a cancellation",
    file: "cancellation.ts",
    find: 'return name === "AbortError" || code',
    replace: "return code",
    killedBy: "RT-2.abort-error",
  },
  {
    name: "doesn't report what a callback for cancellation throws",
    file: "wait.ts",
    find: "      scope.runtime.adapter.reportError(error, scope);",
    replace: "      void error;",
    killedBy: "RT-2.reporter",
  },
  {
    name: "keeps the process alive by the timer that reports stragglers",
    file: "timer.ts",
    find: "unrefTimer",
    replace: "noUnrefTimer",
    killedBy: "RT-3.timer-refs",
  },
];
