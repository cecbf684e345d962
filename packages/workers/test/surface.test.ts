import * as universal from "@cohort/universal";
import { expect, it } from "vitest";
import * as workers from "@cohort/workers";

it("RT-5 the surface is that of @cohort/universal and five names of its own", () => {
  const own = ["background", "eachMessage", "handler", "objectScope", "requestScope"];
  expect(Object.keys(workers).sort()).toEqual([...Object.keys(universal), ...own].sort());
  expect([workers.runtime.name, workers.adapter.name]).toEqual(["workers", "workers"]);
});
