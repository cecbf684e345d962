import { afterEach, expect, it, vi } from "vitest";
import { missed } from "./missed.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it("an engine that is missing fails the tests where COHORT_ENGINES names it, and is said to be left out elsewhere", () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  vi.stubEnv("COHORT_ENGINES", "chromium,webkit");
  expect(() => missed("webkit", "no such file")).toThrow("COHORT_ENGINES demands webkit, which isn't here");
  expect(warn).not.toHaveBeenCalled();
  for (const demanded of ["chromium", "", undefined]) {
    vi.stubEnv("COHORT_ENGINES", demanded);
    missed("webkit", "no such file");
    expect(warn).toHaveBeenLastCalledWith(expect.stringMatching(/webkit are skipped.*no such file/));
  }
});
