import * as universal from "@cohort/universal";
import { describe, expect, it } from "vitest";
import * as browser from "@cohort/browser";

const namesOf = (module: object): string[] => Object.keys(module).sort();

/** What is bound to a runtime, or is one, and so belongs to each adapter alone. */
const own = [
  "abortable",
  "adapter",
  "addInstrument",
  "asCompleted",
  "currentTask",
  "detach",
  "failAfter",
  "failAt",
  "firstSuccess",
  "formatTaskTree",
  "gather",
  "inspectTasks",
  "map",
  "moveOnAfter",
  "now",
  "openBackgroundTasks",
  "openTaskGroup",
  "runtime",
  "sleep",
  "taskGroup",
];

describe("the public surface", () => {
  it("RT-4 is that of @cohort/universal with pageScope and yieldToMain", () => {
    expect(namesOf(browser)).toEqual([...namesOf(universal), "pageScope", "yieldToMain"].sort());
  });

  it("has functions that are bound to its own runtime, and the very classes of core", () => {
    const [here, there] = [browser, universal] as unknown as Record<string, unknown>[];
    const shared = namesOf(universal).filter((name) => here?.[name] === there?.[name]);
    expect(shared).toEqual(namesOf(universal).filter((name) => !own.includes(name)));
  });

  it("names its runtime", () => {
    expect([browser.runtime.name, browser.adapter.name]).toEqual(["browser", "browser"]);
  });
});
