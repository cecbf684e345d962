import type { OpenTaskGroup } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { contains, equal, rejectionOf, same } from "../check.ts";
import { pause } from "./pause.ts";

const DISPOSED = ["openTaskGroup", "async dispose"] as const;

/** What comes out of a block that throws, and whose group had a failure that nobody awaited. */
async function suppressedError(
  open: () => OpenTaskGroup,
  inBlock: Error = new TypeError("in the block"),
  inMember: Error = new RangeError("in the member"),
): Promise<unknown> {
  const use = async (): Promise<void> => {
    await using group = open();
    group.createTask(() => Promise.reject(inMember));
    await pause(1);
    throw inBlock;
  };
  return rejectionOf(use(), "the block");
}

export const suppressedErrors: readonly Case[] = [
  caseOf(
    "LC-5",
    "suppressed-except-star",
    "looks into the SuppressedError of a block and its disposal with exceptStar",
    { needs: [...DISPOSED, "exceptStar"] },
    async ({ api }) => {
      const seen: string[] = [];
      await api.exceptStar(
        await suppressedError(api.openTaskGroup),
        [TypeError, () => void seen.push("the block's")],
        [RangeError, () => void seen.push("the member's")],
      );
      equal(seen, ["the block's", "the member's"]);
    },
  ),
  caseOf(
    "LC-5",
    "suppressed-only-error",
    "looks into the SuppressedError of a block and its disposal with onlyError",
    { needs: [...DISPOSED, "onlyError"] },
    async ({ api }) => {
      const boom = new Error("boom");
      same(api.onlyError(await suppressedError(api.openTaskGroup, boom, boom)), boom);
    },
  ),
  caseOf(
    "LC-5",
    "suppressed-format",
    "prints both errors of a SuppressedError with formatException",
    { needs: [...DISPOSED, "formatException"] },
    async ({ api }) => {
      const text = api.formatException(await suppressedError(api.openTaskGroup));
      for (const part of ["in the block", "in the member"]) contains(text, part);
    },
  ),
];
