import { settleHere } from "./block.ts";
import { cancel } from "./cancel-scope.ts";
import { namesOf } from "./drain.ts";
import { CancelledError } from "./errors.ts";
import type { TaskGroupScope } from "./task-group.ts";
import { infoOf } from "./task-info.ts";

/** How a group without a body ends: by `join()`, or by being left (LC-5). */
export class Leaving {
  private readonly group: TaskGroupScope;
  private joined: Promise<void> | undefined;
  private closed: Promise<void> | undefined;
  /** Settles with `join()`, and says nothing of how: a promise of its own, so that nobody counts as having seen a failure. */
  private readonly over: Promise<void>;
  private finish: () => void = () => {};

  constructor(group: TaskGroupScope) {
    this.group = group;
    this.over = new Promise((resolve) => {
      this.finish = resolve;
    });
    // Its owner has ended without join(): what nobody awaits any more is reported.
    group.whenLeft = () => void this.close().catch((error: unknown) => group.runtime.adapter.reportError(error, group));
    group.open();
  }

  join(): Promise<void> {
    try {
      this.group.tie?.(this.group);
    } catch (error) {
      return Promise.reject(error);
    }
    this.joined ??= this.closed ?? this.waitForAll();
    return this.joined;
  }

  private async waitForAll(): Promise<void> {
    this.group.bodySettled("done", undefined);
    if (!this.group.isOver) await this.group.whenOver();
    this.finish();
    settleHere(this.group, () => this.group.outcome());
  }

  close(): Promise<void> {
    this.closed ??= this.joined === undefined ? this.leave() : this.over;
    return this.closed;
  }

  private async leave(): Promise<void> {
    const group = this.group;
    const alive = [...group.members()].map(infoOf);
    if (alive.length > 0) {
      group.runtime.adapter.reportWarning(`${group.title} was left without join(): cancelled ${namesOf(alive)}`, alive);
    }
    cancel(group, new CancelledError(`${group.title} was left without join()`));
    group.bodySettled("done", undefined);
    if (!group.isOver) await group.whenOver();
    settleHere(group, () => group.unjoinedOutcome());
  }
}
