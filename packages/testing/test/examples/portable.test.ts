import { expect, it } from "vitest";
import { portable } from "./portable.ts";

it("virtual time needs no test runner", async () => {
  expect(await portable()).toEqual({
    jumped: [3_600_000, 3_600_000],
    deadline: "TimeoutError",
    shuffled: "cab",
    deadlock: "DeadlockError",
    own: 50,
    schedules: 6,
    isRealAgain: true,
  });
});
