import { show } from "./show.ts";

/** What an implementation didn't do. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
}

/** Fails unless the condition holds; `what` says what should have been. */
export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new CheckFailed(what);
}

/** Fails unless the two are equal in every part; errors are equal by name, message and members. */
export function equal(actual: unknown, expected: unknown, what = "the result"): void {
  const [is, should] = [show(actual), show(expected)];
  if (is !== should) throw new CheckFailed(`${what} should be\n  ${should}\nbut is\n  ${is}`);
}

/** Fails unless the two are one and the same, by identity. */
export function same(actual: unknown, expected: unknown, what = "the result"): void {
  if (!Object.is(actual, expected))
    throw new CheckFailed(`${what} should be this very value: ${show(expected)}\nbut is ${show(actual)}`);
}

/** Fails unless the value is an instance. */
export function instance<T>(
  value: unknown,
  type: abstract new (...args: never[]) => T,
  what = "the result",
): asserts value is T {
  if (!(value instanceof type)) throw new CheckFailed(`${what} should be a ${type.name}, but is ${show(value)}`);
}

/** Fails unless the text contains the part. */
export function contains(text: string, part: string, what = "the text"): void {
  if (!text.includes(part)) throw new CheckFailed(`${what} should contain ${show(part)}, but is ${show(text)}`);
}

/** What the call throws; fails if it throws nothing. */
export function thrownBy(call: () => unknown, what = "the call"): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new CheckFailed(`${what} should throw`);
}

/** What the promise rejects with; fails if it gives a value. */
export async function rejectionOf(promise: PromiseLike<unknown>, what = "the promise"): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new CheckFailed(`${what} should reject, but gave ${show(value)}`);
}
