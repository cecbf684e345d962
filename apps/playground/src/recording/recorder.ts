import { CancelledError, type Instrument, type TaskInfo } from "@cohort/browser";
import { causeOf, errorLine, errorNode, messageLine, valueLine } from "./error-node.ts";
import type { OutputLevel, RunEvent } from "./event.ts";
import { isInstance } from "./is-instance.ts";
import { isInferred, type KnownScope, ScopeTree } from "./scope-tree.ts";

/** Nobody reads on after so many characters at once. */
const LONGEST_OUTPUT = 10_000;

type EndState = "done" | "failed" | "cancelled";

/** Who ended last, within the same synchronous step. */
interface LastEnd {
  readonly id: number;
  readonly group: number | undefined;
  readonly state: EndState;
  readonly reason: unknown;
}

/** Turns what instruments are told into events. They are its only source: it knows no more than any instrument can. */
export class Recorder {
  private readonly now: () => number;
  private readonly emit: (event: RunEvent) => void;
  private readonly tree: ScopeTree;
  /** Whose error it was, first. */
  private readonly lanes = new WeakMap<object, number>();
  private readonly reasons = new Set<unknown>();
  private last: LastEnd | undefined;
  private isFinished = false;

  /** `now` gives the ms since the run began; `emit` takes each event as it happens. */
  constructor(now: () => number, emit: (event: RunEvent) => void) {
    this.now = now;
    this.emit = (event) => {
      // What is left of a program may go on after its end, which is the end of what is told.
      if (this.isFinished) return;
      this.isFinished = event.kind === "finish";
      emit(event);
    };
    this.tree = new ScopeTree((scope) => this.opened(scope));
  }

  readonly instrument: Required<Instrument> = {
    onGroupOpen: (group) => this.opened(this.tree.add(group, "group", this.tree.parentOf(group.path))),
    onGroupClose: (group, outcome) => this.closed(group, outcome),
    onTaskCreate: (task, group) => this.created(task, group),
    onTaskStart: ({ id }) => {
      const scope = this.tree.get(id);
      if (scope !== undefined) scope.isRunning = true;
      this.emit({ kind: "start", at: this.now(), id });
    },
    onTaskEnd: (task, outcome, state) => this.ended(task, outcome, state),
    onCancel: (scope, reason) => this.cancelled(scope, reason),
    onIgnoredCancel: ({ id }) =>
      this.note(id, "ignored-cancel", "cancel() on one member was refused: the group is one unit"),
    onDeadOnArrival: ({ id }) => {
      this.note(id, "dead-on-arrival", "never started: its group is shutting down");
      this.remove(this.tree.get(id));
    },
    onStraggler: (task, ms) => {
      const text = `has ignored its cancellation for ${Math.round(ms)} ms`;
      this.note(this.tree.find(task)?.id ?? task.id, "straggler", text);
    },
  };

  output(level: OutputLevel, text: string): void {
    const shown = text.length > LONGEST_OUTPUT ? `${text.slice(0, LONGEST_OUTPUT)}…` : text;
    this.emit({ kind: "output", at: this.now(), level, text: shown });
  }

  /** The program has ended with this outcome. `isCancelled`: because it was told to. */
  finish(outcome: PromiseSettledResult<unknown>, isCancelled: boolean): void {
    const at = this.now();
    if (outcome.status === "fulfilled") {
      const result = outcome.value === undefined ? {} : { result: valueLine(outcome.value) };
      this.emit({ kind: "finish", at, state: isCancelled ? "cancelled" : "done", ...result });
    } else if (isCancelled && this.reasons.has(outcome.reason)) {
      this.emit({ kind: "finish", at, state: "cancelled" });
    } else {
      const error = errorNode(outcome.reason, this.laneOf);
      this.emit({ kind: "finish", at, state: "failed", error });
    }
  }

  private opened({ id, name, kind, parent }: KnownScope): void {
    if (kind === "task") return;
    this.emit({ kind: "open", at: this.now(), id, parent: parent?.id, name, shape: kind });
  }

  private created(task: TaskInfo, group: TaskInfo | undefined): void {
    const parent = (group && this.tree.get(group.id)) ?? this.tree.parentOf(task.path);
    this.tree.add(task, "task", parent);
    this.emit({ kind: "create", at: this.now(), id: task.id, parent: parent?.id, name: task.name });
  }

  private closed({ id }: TaskInfo, outcome: PromiseSettledResult<unknown>): void {
    const at = this.now();
    if (outcome.status === "fulfilled") {
      this.emit({ kind: "close", at, id, state: "done" });
    } else if (this.reasons.has(outcome.reason)) {
      this.emit({ kind: "close", at, id, state: "cancelled", text: cancellationText(outcome.reason) });
    } else {
      const { reason } = outcome;
      this.failedWith(reason, id);
      this.emit({
        kind: "close",
        at,
        id,
        state: "failed",
        text: errorLine(reason),
        error: errorNode(reason, this.laneOf, id),
      });
    }
    this.remove(this.tree.get(id));
  }

  private ended({ id }: TaskInfo, outcome: PromiseSettledResult<unknown>, state: EndState): void {
    const scope = this.tree.get(id);
    const at = this.now();
    if (outcome.status === "fulfilled") {
      const text = outcome.value === undefined ? {} : { text: valueLine(outcome.value) };
      this.emit({ kind: "end", at, id, state, ...text });
    } else {
      const isFailure = state === "failed";
      if (isFailure) this.failedWith(outcome.reason, id);
      const text = isFailure ? errorLine(outcome.reason) : cancellationText(outcome.reason);
      this.emit({ kind: "end", at, id, state, text });
    }
    this.remove(scope);
    const reason = outcome.status === "rejected" ? outcome.reason : undefined;
    const end = { id, group: scope?.parent?.id, state, reason };
    this.last = end;
    // What its end brings about the group does at once; what comes later isn't its doing.
    void Promise.resolve().then(() => {
      if (this.last === end) this.last = undefined;
    });
  }

  private cancelled(info: TaskInfo, reason: unknown): void {
    const scope = this.tree.find(info) ?? this.tree.inferred(info.path, info.id);
    this.reasons.add(reason);
    const at = this.now();
    const by = this.causeOf(scope, reason);
    const text = cancellationText(reason);
    scope.cancelledBy = text;
    this.emit({ kind: "cancel", at, id: scope.id, by, text });
    // The deadline's own error, which comes out later.
    if (by === undefined && isInstance(reason, CancelledError)) this.failedWith(causeOf(reason)?.value, scope.id);
    if (isInferred(scope) && scope.open === 0) this.left(this.tree.drop(scope), at);
  }

  private causeOf(scope: KnownScope, reason: unknown): number | undefined {
    const cause = isInstance(reason, CancelledError) ? causeOf(reason)?.value : reason;
    const { last } = this;
    // A member's end that closes its group: its failure, or its success in a race.
    if (last?.group === scope.id && last.state !== "cancelled" && Object.is(last.reason, cause)) return last.id;
    return this.laneOf(cause);
  }

  private failedWith(error: unknown, id: number): void {
    if (isObject(error) && !this.lanes.has(error)) this.lanes.set(error, id);
  }

  private readonly laneOf = (error: unknown): number | undefined =>
    isObject(error) ? this.lanes.get(error) : undefined;

  private note(id: number, note: "ignored-cancel" | "straggler" | "dead-on-arrival", text: string): void {
    this.emit({ kind: "note", at: this.now(), id, note, text });
  }

  private remove(scope: KnownScope | undefined): void {
    if (scope !== undefined) this.left(this.tree.remove(scope), this.now());
  }

  private left(scopes: readonly KnownScope[], at: number): void {
    for (const { id, cancelledBy } of scopes) {
      const text = cancelledBy === undefined ? {} : { text: cancelledBy };
      this.emit({ kind: "close", at, id, state: "left", ...text });
    }
  }
}

/** Why something was cancelled: the library's reasons say it in their message, and what was behind it in their cause. */
function cancellationText(reason: unknown): string {
  if (!isInstance(reason, CancelledError)) return errorLine(reason);
  const message = messageLine(reason);
  const cause = causeOf(reason);
  if (cause === undefined) return message;
  const because = errorLine(cause.value);
  return because.includes(message) ? because : `${message}: ${because}`;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
