/** The part of a group's surface that both examples have. */
export interface Options {
  readonly name?: string;
  readonly signal?: AbortSignal | null;
  readonly timeout?: number;
}

export interface Scope {
  readonly name: string;
  readonly signal: AbortSignal;
}

export interface Group extends Scope {
  createTask<T>(fn: (scope: Scope) => T | PromiseLike<T>, options?: { readonly name?: string }): Promise<T>;
  cancel(reason?: unknown): void;
}

export type Body<T> = (group: Group) => T | PromiseLike<T>;
