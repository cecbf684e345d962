import { type Brand, type Branded, isInstance, ownIdentity } from "./brand.ts";
import { BaseException } from "./errors.ts";
import { bareFailure, type Failure, keepFailures, type Leaf } from "./failure.ts";
import { divide, walk } from "./group-tree.ts";
import { type Match, type Matched, toPredicate } from "./match.ts";

/** What a group of errors of type E holds: such errors, and groups of them. */
export type ErrorTree<E> = E | BaseExceptionGroup<E>;

/** The errors at the ends of such a tree. */
export type LeafError<E> = E extends BaseExceptionGroup<infer Inner> ? LeafError<Inner> : E;

/**
 * Several errors thrown as one. `new BaseExceptionGroup(…)` of errors that are all ordinary gives an
 * {@link ExceptionGroup}. Python: `BaseExceptionGroup`.
 *
 * Throws a `TypeError` if the message isn't a string or the errors aren't iterable, a `RangeError` if there are none
 * (EG-1). Anything may be a member, also `undefined`: JavaScript can throw it (ER-3).
 *
 * @example
 * ```ts
 * try {
 *   await taskGroup(crawl);
 * } catch (error) {
 *   if (!(error instanceof BaseExceptionGroup)) throw error;
 *   for (const leaf of error.leaves()) console.error(leaf.path.join(" > "), leaf.error);
 * }
 * ```
 */
export class BaseExceptionGroup<E = unknown> extends AggregateError implements Branded {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(this, value);
  }

  /** The members, in order: errors and groups of errors. Frozen. */
  declare readonly errors: ErrorTree<E>[];

  constructor(
    message: string,
    // `NoInfer`: from a mixed list, TypeScript would infer E from the nested groups and then refuse the other errors.
    errors: Iterable<E | NoInfer<BaseExceptionGroup<E>>>,
    options?: ErrorOptions,
  ) {
    if (typeof message !== "string") throw new TypeError("the message must be a string");
    const members = [...errors];
    if (!members.length) throw new RangeError("a group of no errors");
    const base = members.some(isBaseException);
    if (!base && new.target === BaseExceptionGroup) return new ExceptionGroup<E>(message, members as E[], options);
    super(members, message, options);
    if (base && this instanceof ExceptionGroup) throw new TypeError("an ExceptionGroup can't hold a BaseException");
    Object.defineProperty(this, "errors", { value: Object.freeze(members), writable: false });
    ownIdentity(this);
  }

  get "cohort:brand"(): Brand {
    return ["BaseExceptionGroup", "COHORT_BASE_EXCEPTION_GROUP"];
  }

  override get name(): string {
    return this["cohort:brand"][0];
  }

  /** Stable; the message is not. */
  get code(): string {
    return this["cohort:brand"][1];
  }

  /** Python's name for `errors`. */
  get exceptions(): readonly ErrorTree<E>[] {
    return this.errors;
  }

  /**
   * The members with the task that each came from, in the order of `errors` (ER-2). Parts made by `split` and `subgroup`
   * keep them.
   */
  get failures(): readonly Failure<ErrorTree<E>>[] {
    // Only of a group made by hand, once: the property that is made here hides the getter.
    const failures = this.errors.map((error) => bareFailure(error));
    keepFailures(this, failures);
    return failures;
  }

  /**
   * Splits the group in two: what matches, and the rest (EG-2). Nesting, order, message, cause, stack and failures are
   * kept; a part without members is `undefined`; a part with all of them is this very group.
   *
   * The group itself is tested first, then each nested group before its members: a class like `Error` takes the group
   * whole, and a predicate is called with groups too.
   *
   * A function counts as a class if it was written as one or is built in, if it brings its own `Symbol.hasInstance`, or
   * if its prototype has members or inherits from `Error`; any other function is a predicate. In a list everything is a
   * class: `[Old]` is how to name a bare `function Old() {}`.
   *
   * Throws a `TypeError` if `match` is none of these, or if an overridden `derive` gives something else than a group.
   * Python: `BaseExceptionGroup.split()`.
   *
   * @example
   * ```ts
   * const [timeouts, rest] = group.split(TimeoutError);
   * if (timeouts) await retry(timeouts.failures.map(({ task }) => task?.name));
   * if (rest) throw rest;
   * ```
   */
  split<const M extends Match>(
    match: M,
  ): [BaseExceptionGroup<Matched<M>> | undefined, BaseExceptionGroup<E> | undefined] {
    return divide(this, toPredicate(match), asGroup) as never;
  }

  /** The first half of {@link split}: what matches, or `undefined`. Python: `BaseExceptionGroup.subgroup()`. */
  subgroup<const M extends Match>(match: M): BaseExceptionGroup<Matched<M>> | undefined {
    return this.split(match)[0];
  }

  /**
   * Makes a part of this group; message and members are all it has to care for. A subclass overrides it so that its parts
   * are of the subclass too. Python: `BaseExceptionGroup.derive()`.
   *
   * @example
   * ```ts
   * class UploadErrors extends ExceptionGroup {
   *   override derive(errors: readonly unknown[]): UploadErrors {
   *     return new UploadErrors(this.message, errors);
   *   }
   * }
   * ```
   */
  derive(errors: readonly unknown[]): BaseExceptionGroup {
    return new BaseExceptionGroup(this.message, errors);
  }

  /** Walks the errors that aren't groups, in order, however deep (EG-2). */
  leaves(): IterableIterator<Leaf<LeafError<E>>> {
    return walk(this, asGroup) as IterableIterator<Leaf<LeafError<E>>>;
  }
}

/**
 * A group of ordinary errors, which is what a task group throws. Python: `ExceptionGroup`.
 *
 * Throws what its base class throws, and a `TypeError` for a member that is a `BaseException` or a group of such (EG-1).
 *
 * @example
 * ```ts
 * const failed = results.filter((result) => result.status === "rejected");
 * if (failed.length) throw new ExceptionGroup("import failed", failed.map((result) => result.reason));
 * ```
 */
export class ExceptionGroup<E = unknown> extends BaseExceptionGroup<E> {
  override get "cohort:brand"(): Brand {
    return ["ExceptionGroup", "COHORT_EXCEPTION_GROUP"];
  }
}

/** Sees a group as a group and everything else as a leaf. */
export function asGroup(error: unknown): BaseExceptionGroup | undefined {
  return error instanceof BaseExceptionGroup ? error : undefined;
}

function isBaseException(error: unknown): boolean {
  return error instanceof BaseException || (!!asGroup(error) && !(error instanceof ExceptionGroup));
}

/**
 * A group that knows which task each of its errors came from; an `ExceptionGroup` if EG-1 allows. The array becomes the
 * group's `failures` and is frozen.
 *
 * @internal
 */
export function groupFailures(
  message: string,
  failures: readonly Failure[],
  options?: ErrorOptions,
): BaseExceptionGroup {
  const errors = failures.map(({ error }) => error);
  // Not left to the constructor: that would show in the stack, whose frames are few.
  const Group = errors.some(isBaseException) ? BaseExceptionGroup : ExceptionGroup;
  const group = new Group(message, errors, options);
  keepFailures(group, failures);
  return group;
}
