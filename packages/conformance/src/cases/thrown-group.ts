import type { BaseExceptionGroup } from "@cohort/core";
import { check, instance, rejectionOf } from "../check.ts";
import { show } from "../show.ts";

/** The group of errors that a block rejects with; fails if it gives a value or rejects with something else. */
export async function groupFrom(block: PromiseLike<unknown>): Promise<BaseExceptionGroup> {
  const error = await rejectionOf(block, "the block");
  instance(error, AggregateError, "what the block rejects with");
  return error as unknown as BaseExceptionGroup;
}

/** Fails unless the block rejects with a group of these very errors, in this order. */
export async function failsWith(
  block: PromiseLike<unknown>,
  ...errors: readonly unknown[]
): Promise<BaseExceptionGroup> {
  const group = await groupFrom(block);
  const isSame = group.errors.length === errors.length && errors.every((error, n) => Object.is(error, group.errors[n]));
  check(isSame, `the group should hold these very errors: ${show(errors)}\nbut holds ${show(group.errors)}`);
  return group;
}
