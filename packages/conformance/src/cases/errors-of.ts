import { instance } from "../check.ts";

/** What is in the group of errors that came out of a block. Any `AggregateError` will do: classes have cases of their own. */
export function errorsOf(error: unknown): readonly unknown[] {
  instance(error, AggregateError, "what comes out of the block");
  return error.errors;
}
