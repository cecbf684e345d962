import type { WrongImplementation } from "./wrong-implementation.ts";

export const wrongLifecycle: readonly WrongImplementation[] = [
  {
    name: "takes newcomers after it has finished",
    file: "task-group.ts",
    find: "if (this.isFinished) throw new InvalidStateError(`${this.title} is finished`);\n    const task",
    replace: "const task",
    killedBy: "LC-2.after-value",
  },
  {
    name: "throws for a newcomer while it shuts down, as asyncio does",
    file: "task-group.ts",
    find: "    if (this.isCancelled || this.phase",
    replace:
      "    if (this.isCancelled) throw new InvalidStateError(`${this.title} is shutting down`);\n    if (this.isCancelled || this.phase",
    killedBy: "LC-4.abort-listener",
  },
  {
    name: "runs newcomers while it shuts down",
    file: "task-group.ts",
    find: "if (this.isCancelled || this.phase",
    replace: "if (this.phase",
    killedBy: "LC-4.after-failure",
  },
  {
    name: "takes nobody once its body has returned",
    file: "task-group.ts",
    find: "    return this.hasEnded;\n  }\n\n  createTask",
    replace: '    return this.hasEnded || this.body !== "running";\n  }\n\n  createTask',
    killedBy: "LC-3.member-adds",
  },
  {
    name: "settles with its body and leaves the members running",
    file: "task-group.ts",
    find: "    if (this.children !== undefined) return this.settleIfNobodyIsLeft();\n",
    replace: "    if (this.children !== undefined) return (this as unknown as { over(): void }).over();\n",
    killedBy: "LC-1.waits-for-members",
  },
  {
    name: "settles a turn of microtasks after its last member",
    file: "block.ts",
    find: "  protected end(): void {\n    this.release();\n    this.over();\n    this.unlink();\n  }",
    replace:
      "  protected end(): void {\n    void Promise.resolve().then(() => {\n      if (this.hasEnded) return;\n      this.release();\n      this.over();\n      this.unlink();\n    });\n  }",
    killedBy: "LC-1.settles-with-member",
  },
  {
    name: "takes a falsy value of the body for none",
    file: "outcome.ts",
    find: '  const value = group.body === "done" ? group.value : undefined;',
    replace: '  const value = (group.body === "done" && group.value) || undefined;',
    killedBy: "LC-1.falsy-value",
  },
  {
    name: "waits for the members of an open group that is left without join(), but cancels none",
    file: "open-task-group.ts",
    find: "    cancel(group, new CancelledError(`${group.title} was left without join()`));\n",
    replace: "",
    killedBy: "LC-5.dispose-cancels",
  },
  {
    name: "throws on disposal also what somebody has awaited, and buries the error of the block",
    file: "open-task-group.ts",
    find: "group.unjoinedOutcome()",
    replace: "group.outcome()",
    killedBy: "LC-5.no-echo",
  },
  {
    name: "swallows on disposal what nobody has awaited",
    file: "outcome.ts",
    find: "  if (unseen.length > 0 || group.abandoned !== undefined)",
    replace: "  if (group.abandoned !== undefined)",
    killedBy: "LC-5.unseen",
  },
  {
    name: "lets a forgotten join() pass for success",
    file: "open-task-group.ts",
    find: "if (alive.length > 0)",
    replace: "if (alive.length < 0)",
    killedBy: "LC-5.warning",
  },
  {
    name: "keeps a finished member in its count until the next turn",
    file: "task-group.ts",
    find: "      if (!child.isBackground) this.size--;",
    replace: "      if (!child.isBackground) setTimeout(() => this.size--, 0);",
    killedBy: "LC-6.size",
  },
];
