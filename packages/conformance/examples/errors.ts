/** Which member it was; nothing stands for the body. */
export interface Member {
  readonly id: number;
  readonly name: string;
  readonly path: readonly string[];
}

/** One leaf of what came out: the error, who ended with it first, and who did so after that. */
export interface Failure {
  readonly error: unknown;
  readonly task: Member | undefined;
  readonly also: Member[];
}

/** The reason of every cancellation that didn't come from outside (CA-3). */
export class CancelledError extends Error {
  override readonly name = "AbortError";
  readonly code = "CANCELLED";
}

/** What a block rejects with when its deadline cut somebody short (OUT-4). */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/** What `createTask` of a finished group throws (LC-2). */
export class InvalidStateError extends Error {
  override readonly name = "InvalidStateError";
}

/** The errors of a group, and which tasks they were of (ER-1, ER-2). It can't be split: it is no ExceptionGroup. */
export class GroupError extends AggregateError {
  override readonly name = "GroupError";
  readonly failures: readonly Failure[];

  constructor(group: string, failures: readonly Failure[], options: ErrorOptions) {
    const count = `${failures.length} sub-exception${failures.length === 1 ? "" : "s"}`;
    const errors = failures.map(({ error }) => error);
    super(errors, `unhandled errors in TaskGroup "${group}" (${count})`, options);
    this.failures = failures;
  }
}
