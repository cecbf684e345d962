import * as core from "@cohort/core";
import * as universal from "@cohort/universal";
import { describe, expect, it } from "vitest";
import * as deno from "@cohort/deno";

const namesOf = (module: object): string[] => Object.keys(module).sort();

describe("the public surface", () => {
  it("RT-6 of @cohort/deno is that of @cohort/universal, and what is its own", () => {
    expect(namesOf(deno)).toEqual([...namesOf(universal), "main", "requestScope"].sort());
  });

  it("has what needs no runtime from core itself, not copies", () => {
    const shared = namesOf(core).filter((name) => !/^(bind.*|defineRuntime|takeOver)$/.test(name));
    for (const name of shared) {
      expect([name, (deno as Record<string, unknown>)[name]]).toEqual([name, (core as Record<string, unknown>)[name]]);
    }
  });

  it("names its runtime", () => {
    expect([deno.runtime.name, deno.adapter.name]).toEqual(["deno", "deno"]);
  });
});
