/** What the interpreter uses of a scope. All but the signal may be missing. */
export interface ProgramScope {
  readonly signal: AbortSignal;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly isCancellation?: (error: unknown) => boolean;
  readonly taskGroup?: (...args: unknown[]) => Promise<unknown>;
  readonly failAfter?: (ms: number, body: Body) => Promise<unknown>;
  readonly moveOnAfter?: (ms: number, body: Body) => Promise<unknown>;
  readonly shield?: (...args: unknown[]) => Promise<unknown>;
}

/** What it uses of a group. */
export interface ProgramGroup extends ProgramScope {
  createTask(fn: Body, options?: object): MemberHandle;
  readonly cancel?: () => void;
}

/** A member's handle, as far as a program can tell. */
export interface MemberHandle extends PromiseLike<unknown> {
  readonly state?: string;
  readonly cancel?: () => boolean;
}

export type Body = (scope: ProgramScope) => Promise<unknown>;

/** Whether an error is a cancellation of the scope: the third rule of the specification, where a scope can't say it itself. */
export function isCancellationOf(scope: ProgramScope, error: unknown): boolean {
  if (typeof scope.isCancellation === "function") return scope.isCancellation(error);
  const { signal } = scope;
  if (!signal.aborted) return false;
  if (error === signal.reason) return true;
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  return name === "AbortError" || name === "CancelledError" || code === "ABORT_ERR" || code === "ERR_CANCELED";
}
