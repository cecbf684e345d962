import { BaseExceptionGroup } from "../src/exception-group.ts";
import type { Failure } from "../src/failure.ts";

export const task = (name: string, id = 1) => ({ id, name, path: ["main", name] });
export const failure = (error: unknown, name?: string): Failure => ({
  error,
  task: name === undefined ? undefined : task(name),
  also: [],
});
/** The leaf errors of a group; an error that is none is its own leaf. */
export const leavesOf = (error: unknown): unknown[] =>
  error instanceof BaseExceptionGroup ? [...error.leaves()].map((leaf) => leaf.error) : [error];

/** The tree as arrays, to compare shapes. */
export const shape = (error: unknown): unknown =>
  error instanceof BaseExceptionGroup ? [error.message, ...error.errors.map(shape)] : error;

/** A SuppressedError as the helpers of compilers make it. */
export const suppressed = (error: unknown, before: unknown) =>
  Object.assign(new Error("suppressed by a disposal"), { name: "SuppressedError", error, suppressed: before });
