import { expectTypeOf } from "vitest";
import {
  AbandonedError,
  type BaseException,
  CancelledError,
  type KeyboardInterrupt,
  SystemExit,
  TimeoutError,
} from "../src/errors.ts";
import { exceptStar } from "../src/except-star.ts";
import { type BaseExceptionGroup, type ErrorTree, ExceptionGroup } from "../src/exception-group.ts";
import type { Failure, Leaf } from "../src/failure.ts";
import { formatException } from "../src/format-exception.ts";
import { onlyError } from "../src/only-error.ts";
import type { TaskInfo } from "../src/task-info.ts";

class HttpError extends Error {
  readonly status: number = 500;
}
abstract class AbstractError extends Error {
  abstract readonly detail: string;
}
declare const caught: unknown;

// errors
expectTypeOf(new CancelledError().name).toEqualTypeOf<"AbortError">();
expectTypeOf(new CancelledError().code).toEqualTypeOf<"COHORT_CANCELLED">();
expectTypeOf(new TimeoutError("m", { cause: 1 }).code).toEqualTypeOf<"COHORT_TIMEOUT">();
expectTypeOf(new SystemExit(1).exitCode).toEqualTypeOf<number>();
expectTypeOf(new AbandonedError([]).tasks).toEqualTypeOf<readonly TaskInfo[]>();
expectTypeOf<KeyboardInterrupt>().toExtend<BaseException>();
expectTypeOf<CancelledError>().toExtend<Error>();
if (caught instanceof SystemExit) expectTypeOf(caught).toEqualTypeOf<SystemExit>();
class Renamed extends TimeoutError {
  override get name(): string {
    return "Renamed";
  }
}
expectTypeOf<Renamed>().toExtend<TimeoutError>();

// groups
const group = new ExceptionGroup("m", [new HttpError(), new ExceptionGroup("n", [new RangeError()])]);
expectTypeOf(group).toExtend<BaseExceptionGroup<HttpError | RangeError>>();
expectTypeOf(group).toExtend<AggregateError>();
const typed = new ExceptionGroup<HttpError>("m", [new HttpError()]);
expectTypeOf(typed.errors).toEqualTypeOf<ErrorTree<HttpError>[]>();
expectTypeOf(typed.exceptions).toEqualTypeOf<readonly ErrorTree<HttpError>[]>();
expectTypeOf(typed.failures).toEqualTypeOf<readonly Failure<ErrorTree<HttpError>>[]>();
expectTypeOf(typed.leaves()).toEqualTypeOf<IterableIterator<Leaf<HttpError>>>();
for (const { error, task, path } of typed.leaves()) {
  expectTypeOf(error).toEqualTypeOf<HttpError>();
  expectTypeOf(task).toEqualTypeOf<TaskInfo | undefined>();
  expectTypeOf(path).toEqualTypeOf<readonly string[]>();
}
// @ts-expect-error -- the errors come second
void new ExceptionGroup([new Error("a")], "m");

// split
type Parts<M, R> = [BaseExceptionGroup<M> | undefined, BaseExceptionGroup<R> | undefined];
expectTypeOf(typed.split(RangeError)).toEqualTypeOf<Parts<RangeError, HttpError>>();
expectTypeOf(typed.split(AbstractError)).toEqualTypeOf<Parts<AbstractError, HttpError>>();
expectTypeOf(typed.split([RangeError, HttpError])).toEqualTypeOf<Parts<RangeError | HttpError, HttpError>>();
expectTypeOf(typed.split((error) => error === 1)).toExtend<Parts<unknown, HttpError>>();
const isHttp = (error: unknown): error is HttpError => error instanceof HttpError;
expectTypeOf(group.subgroup(isHttp)).toEqualTypeOf<BaseExceptionGroup<HttpError> | undefined>();
expectTypeOf(group.subgroup((error): error is HttpError => error instanceof HttpError)).toEqualTypeOf<
  BaseExceptionGroup<HttpError> | undefined
>();
// @ts-expect-error -- neither class, list of classes nor predicate
typed.split("HttpError");
// @ts-expect-error -- a list holds classes only
typed.split([isHttp]);
class Mine extends ExceptionGroup<HttpError> {
  override derive(errors: readonly unknown[]): Mine {
    return new Mine(this.message, errors as HttpError[]);
  }
}
expectTypeOf(new Mine("m", []).derive([])).toEqualTypeOf<Mine>();

// exceptStar: the handler's parameter follows from the match, whatever stands beside it
expectTypeOf(exceptStar(caught)).toEqualTypeOf<Promise<void>>();
void exceptStar(
  caught,
  [HttpError, (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<HttpError>>()],
  [AbstractError, async (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<AbstractError>>()],
  [[RangeError, HttpError], (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<RangeError | HttpError>>()],
  [isHttp, (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<HttpError>>()],
  [
    (error: unknown): error is HttpError => error instanceof HttpError,
    (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<HttpError>>(),
  ],
  [
    (error) => Math.random() > 0.5 && error !== 1,
    (part) => expectTypeOf(part).toEqualTypeOf<ExceptionGroup<unknown>>(),
  ],
  [Error, () => {}],
);
// @ts-expect-error -- no match
void exceptStar(caught, ["HttpError", () => {}]);
// @ts-expect-error -- no handler
void exceptStar(caught, [HttpError]);
// @ts-expect-error -- the handler takes something else
void exceptStar(caught, [HttpError, (part: ExceptionGroup<RangeError> & { extra: 1 }) => part]);

expectTypeOf(onlyError(caught)).toEqualTypeOf<unknown>();
expectTypeOf(formatException(caught, { colour: true })).toEqualTypeOf<string>();
// @ts-expect-error -- misspelt
formatException(caught, { color: true });
