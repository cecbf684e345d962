import type { ExceptionGroup, Settled, TaskScope } from "@cohort/core";
import type { virtualRuntime } from "../virtual-runtime.ts";

// What combinators are given to run, and what of their ends is compared.

/** Sleeps, then gives a value. */
export const after =
  <T>(ms: number, value: T) =>
  ({ sleep }: TaskScope): Promise<T> =>
    sleep(ms).then(() => value);

/** Sleeps, then fails. */
export const failing =
  (ms: number, error: unknown) =>
  ({ sleep }: TaskScope): Promise<never> =>
    sleep(ms).then(() => Promise.reject(error));

/** Waits to be cancelled and makes a value of it. */
export const stubborn =
  <T>(value: T) =>
  ({ sleep }: TaskScope): Promise<T> =>
    sleep(1e6).then(
      () => value,
      () => value,
    );

/** Waits to be cancelled and makes a failure of it. */
export const broken =
  (error: unknown) =>
  ({ sleep }: TaskScope): Promise<never> =>
    sleep(1e6).then(
      () => Promise.reject(error),
      () => Promise.reject(error),
    );

/** What a group failed with, and whose it is. */
export const failuresOf = (error: unknown): unknown[] =>
  (error as ExceptionGroup).failures.map((failure) => [failure.error, failure.task?.name]);

/** What was reported, and whose it is. */
export const reported = ({ reports }: Pick<ReturnType<typeof virtualRuntime>, "reports">): unknown[] =>
  reports.map((report) => ["error" in report ? report.error : report.warning, report.tasks[0]?.name]);

/** The end of an iteration. */
export const done = { value: undefined, done: true };

/** A settled result: whose, and what. */
export const short = (settled: Settled<unknown>): unknown[] => [
  settled.task.name,
  settled.status === "fulfilled" ? settled.value : settled.reason,
];

/** All that is left of an iteration of settled results. */
export async function rest(iterable: AsyncIterable<Settled<unknown>>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const settled of iterable) all.push(short(settled));
  return all;
}
