import type { Block } from "./block.ts";
import type { TimeoutError } from "./errors.ts";
import { groupFailures } from "./exception-group.ts";
import type { Failure } from "./failure.ts";
import type { FailureList } from "./failure-list.ts";
import type { GroupPolicy } from "./scope.ts";
import { LIVE } from "./waitable.ts";

/** How a group ended. */
export interface GroupEnd {
  readonly failures: FailureList;
  /** The deadline's error, if it was the deadline that cancelled the group. */
  readonly expired: TimeoutError | undefined;
  /** The body or a foreground member ended cancelled by what cancelled the group. */
  readonly isCutShort: boolean;
  readonly policy: GroupPolicy | undefined;
}

/** What a group's block settles with: OUT-1 to OUT-5, first that applies. Gives the value or throws. */
export function outcomeOf(group: Block, { failures, expired, isCutShort, policy }: GroupEnd): unknown {
  throwFatal(group, failures);
  const { abandoned, outside } = group;
  const cancellation = outside === LIVE ? expired : outside;
  const cancelled = outside !== LIVE || (expired !== undefined && isCutShort);
  // ER-4: the deadline is the cause of what failed after it, also if nobody ended cancelled.
  const cause = outside === LIVE && expired === undefined ? undefined : { cause: cancellation };
  const value = group.body === "done" ? group.value : undefined;
  const failed = failures.all.length > 0;
  if (policy?.result !== undefined && abandoned === undefined && (failed || !cancelled)) {
    try {
      return policy.result(value, [...failures.all]);
    } catch (error) {
      failures.add(error);
      throwFatal(group, failures);
      throwFailures(group, failures.all, cause);
    }
  }
  if (failed) throwFailures(group, failures.all, cause);
  if (abandoned !== undefined) throw abandoned;
  if (!cancelled) return value;
  if (outside === LIVE) group.made = expired;
  throw cancellation;
}

/** What the disposal of an open group that nobody joined throws: the failures that nobody has seen (LC-5). */
export function unseenOutcome(group: Block, failures: FailureList): void {
  throwFatal(group, failures);
  const { unseen } = failures;
  if (unseen.length > 0 || group.abandoned !== undefined) throwFailures(group, unseen, undefined);
}

/** OUT-1: a fatal error leaves bare; what it would hide goes to the reporter. */
function throwFatal(group: Block, { fatal, all }: FailureList): void {
  if (fatal === undefined) return;
  const { abandoned } = group;
  if (abandoned !== undefined) group.runtime.adapter.reportWarning(abandoned.message, abandoned.tasks);
  for (const other of all) if (other !== fatal) group.runtime.adapter.reportError(other.error, other.task);
  throw fatal.error;
}

/** OUT-2. */
function throwFailures(group: Block, failures: readonly Failure[], options: ErrorOptions | undefined): never {
  const all = [...failures];
  if (group.abandoned !== undefined) all.push({ error: group.abandoned, task: undefined, also: [] });
  const count = `${all.length} sub-exception${all.length === 1 ? "" : "s"}`;
  group.made = groupFailures(`unhandled errors in ${group.title} (${count})`, all, options);
  throw group.made;
}
