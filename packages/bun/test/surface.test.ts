import * as core from "@cohort/core";
import * as universal from "@cohort/universal";
import { describe, expect, it } from "vitest";
import * as bun from "@cohort/bun";

const namesOf = (module: object): string[] => Object.keys(module).sort();

describe("the public surface", () => {
  it("RT-6 of @cohort/bun is that of @cohort/universal, and what is its own", () => {
    expect(namesOf(bun)).toEqual([...namesOf(universal), "main", "requestScope"].sort());
  });

  it("has what needs no runtime from core itself, not copies", () => {
    const shared = namesOf(core).filter((name) => !/^(bind.*|defineRuntime|takeOver)$/.test(name));
    for (const name of shared) {
      expect([name, (bun as Record<string, unknown>)[name]]).toEqual([name, (core as Record<string, unknown>)[name]]);
    }
  });

  it("names its runtime", () => {
    expect([bun.runtime.name, bun.adapter.name]).toEqual(["bun", "bun"]);
  });
});
