import type { WrongImplementation } from "./wrong-implementation.ts";

export const wrongDeadlines: readonly WrongImplementation[] = [
  {
    name: "lets a deadline expire in a scope that something else has cancelled",
    file: "expiry.ts",
    find: "  override cancelled(): void {\n    this.timer?.clear();\n  }",
    replace: "  override cancelled(): void {}",
    killedBy: "TO-1.not-expired-by-outside",
  },
  {
    name: "leaves the timer of a deadline behind",
    file: "expiry.ts",
    find: "  override scopeEnded(): void {\n    this.timer?.clear();\n  }",
    replace: "",
    killedBy: "TO-1.in-time",
  },
  {
    name: "sets a new deadline beside the old one",
    file: "expiry.ts",
    find: "    this.timer?.clear();\n    this.when = when;",
    replace: "    this.when = when;",
    killedBy: "TO-1.reschedule-later",
  },
  {
    name: "moves a deadline that has expired",
    file: "deadline.ts",
    find: "if (this.expired || this.isOver) {",
    replace: "if (this.isOver) {",
    killedBy: "TO-1.reschedule-refused",
  },
  {
    name: "throws a value away that came after the deadline",
    file: "deadline.ts",
    find: 'if (this.body === "done") return this.value;',
    replace: 'if (this.body === "done" && !this.expired) return this.value;',
    killedBy: "TO-3.value",
  },
  {
    name: "throws a group's value away though everybody ended well after the deadline",
    file: "outcome.ts",
    find: "(expired !== undefined && isCutShort)",
    replace: "expired !== undefined",
    killedBy: "TO-3.group-value",
  },
  {
    name: "throws its own TimeoutError though the enclosing scope was cancelled meanwhile",
    file: "deadline.ts",
    find: "    if (this.outside !== LIVE) throw this.outside;\n",
    replace: "",
    killedBy: "TO-4.enclosing-reason",
  },
  {
    name: "lets a member whose own time ran out end in silence",
    file: "task-group.ts",
    find: '    if (state === "cancelled") return;\n    if (state === "failed") this.memberFailed(task, value);',
    replace: `    if (state === "cancelled" || (value as Error | undefined)?.name === "TimeoutError") return;
    if (state === "failed") this.memberFailed(task, value);`,
    killedBy: "TO-5.member-timeout",
  },
  {
    name: "gives a value though the deadline kept a member from running",
    file: "task-group.ts",
    find: "      if (this.isCancelled && !task.isBackground) this.isCutShort = true;\n",
    replace: "",
    killedBy: "OUT-4.created-too-late",
  },
  {
    name: "lets a body begin whose time is over",
    file: "expiry.ts",
    find: "if (ms <= 0) this.expire();",
    replace: "if (ms < 0) this.expire();",
    killedBy: "TO-6.zero",
  },
  {
    name: "takes NaN for a length of time",
    file: "wait.ts",
    find: "if (!(ms >= 0))",
    replace: "if (ms < 0)",
    killedBy: "TO-6.refuses-timeout",
  },
  {
    name: "lets long timers overflow, so that they fire at once",
    file: "timer.ts",
    find: "ms > longest ?",
    replace: "ms > longest && ms === Infinity ?",
    killedBy: "TO-6.long-timeout-2147483648",
  },
  {
    name: "swallows an error that a body throws after its deadline",
    file: "deadline.ts",
    find: 'return this.body === "cancelled" && this.expired && this.outside === LIVE;',
    replace: "return this.expired && this.outside === LIVE;",
    killedBy: "TO-7.own-error",
  },
  {
    name: "says of an outside cancellation after the deadline that it merely timed out",
    file: "deadline.ts",
    find: 'return this.body === "cancelled" && this.expired && this.outside === LIVE;',
    replace: 'return this.body === "cancelled" && this.expired;',
    killedBy: "TO-7.outside-cancel-after-expiry",
  },
  {
    name: "starts those that waited for a slot after the group has failed",
    file: "task-group.ts",
    find: 'if (child instanceof TaskRecord && child.state === "pending") child.settle("cancelled", undefined);',
    replace: "",
    killedBy: "LI-1.failing-never-starts",
  },
  {
    name: "starts the youngest first of those that wait for a slot",
    file: "start-queue.ts",
    find: "    if (this.hasRoom(task)) return this.start(task);\n    this.waiting.push(task);",
    replace: `    if (this.hasRoom(task)) return this.start(task);
    const older = [];
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) older.push(next);
    this.waiting.push(task);
    for (const next of older) this.waiting.push(next);`,
    killedBy: "LI-1.fifo",
  },
  {
    name: "lets an eager newcomer in before those that wait for a slot",
    file: "start-queue.ts",
    find: "if (eager && this.arriving === 0 && this.hasRoom(task)) return this.start(task);",
    replace: "if (eager) return this.start(task);",
    killedBy: "LI-1.no-thief",
  },
  {
    name: "gives a permit back to nobody in particular, so that a newcomer takes it before those that wait",
    file: "sync/semaphore.ts",
    find: `    const next = this.queue.shift();
    if (next === undefined) this.free++;
    else next.resolve(permitFor(this.giveBack));`,
    replace: `    this.free++;
    void Promise.resolve().then(() => {
      const next = this.free > 0 ? this.queue.shift() : undefined;
      if (next === undefined) return;
      this.free--;
      next.resolve(permitFor(this.giveBack));
    });`,
    killedBy: "LI-2.no-barging",
  },
  {
    name: "counts each release of one permit",
    file: "sync/permit.ts",
    find: "    if (!isHeld) return;\n",
    replace: "",
    killedBy: "LI-2.released-once",
  },
  {
    name: "keeps the permit of a function that failed",
    file: "sync/permit.ts",
    find: "    return await fn();\n  } finally {\n    release();\n  }",
    replace: "    const value = await fn();\n    release();\n    return value;\n  } finally {\n  }",
    killedBy: "LI-2.run-fails",
  },
  {
    name: "hands a free permit to who is cancelled already",
    file: "sync/wait-queue.ts",
    find: "  checkLive(waitable);\n",
    replace: "",
    killedBy: "LI-2.scope-first",
  },
];
