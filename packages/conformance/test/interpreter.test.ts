import { describe, expect, it, vi } from "vitest";
import { runProgram } from "../src/scenarios/interpreter.ts";
import { needsOf, PROGRAM_CAPABILITIES } from "../src/scenarios/needs-of.ts";
import type { Program, Step } from "../src/scenarios/program.ts";
import { STEP_KINDS } from "../src/scenarios/step-kind.ts";
import { minimalTarget } from "./minimal-target.ts";
import target from "./reference-target.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const run = (body: readonly Step[], rest: Partial<Program> = {}) => runProgram(target, { ...rest, body });

/** A program that says everything that the language can say. */
const everything: Program = {
  options: { timeout: 900, limit: 9, failFast: true, memberCancel: true },
  semaphores: { s: 1 },
  events: ["e"],
  queues: { q: 1 },
  abort: { at: 500, reason: "stop" },
  body: [
    { log: "hello" },
    { spawn: "a", eager: true, body: [{ hold: "s", body: [{ sleep: 10 }] }, { return: 1 }] },
    { spawn: "b", background: true, body: [{ wait: "e" }, { sleep: 700 }] },
    { await: "a" },
    { state: "a" },
    { set: "e" },
    { put: "q", item: "x" },
    { get: "q" },
    { cancelTask: "b" },
    { failAfter: 70, body: [{ sleep: 20 }] },
    { moveOnAfter: 30, body: [{ sleep: 40 }] },
    { try: [{ group: "g", body: [{ throw: "Boom(x)" }] }], catch: "failure", do: [{ log: "caught" }] },
    { try: [{ shield: [{ sleep: 3 }], timeout: 80 }], finally: [{ log: "last" }] },
    { spawn: "c", in: "main", body: [{ log: "never" }] },
    { cancel: "main" },
  ],
};

describe("the interpreter", () => {
  it("runs every step of the language", async () => {
    expect(await runProgram(target, everything)).toEqual({
      trace: [
        "0 main: starts",
        "0 main: hello",
        "0 a: starts",
        "0 b: starts",
        "10 a: done",
        "10 main: a gave 1",
        "10 main: a is done",
        '10 main: got "x"',
        "10 main: cancel b: true",
        "10 b: cancelled",
        "60 main: timed out",
        "60 g: starts",
        "60 g: failed Boom(x)",
        '60 g: left with {"group":["Boom(x)"]}',
        "60 main: caught",
        "63 main: last",
        "63 main: done",
      ],
      outcome: { value: null },
    });
    const text = JSON.stringify(everything);
    expect(STEP_KINDS.filter((kind) => !text.includes(`"${kind}":`))).toEqual([]);
  });

  it("derives from a program all that it needs", () => {
    expect(needsOf(everything)).toEqual(
      PROGRAM_CAPABILITIES.filter((capability) => capability !== "KeyboardInterrupt" && capability !== "SystemExit"),
    );
    expect(needsOf({ body: [{ throw: "KeyboardInterrupt()" }] })).toEqual(["KeyboardInterrupt"]);
  });

  it("needs nothing but members and a signal for sleeping, nested groups and shields", async () => {
    const program: Program = {
      body: [
        { spawn: "a", body: [{ group: "g", body: [{ spawn: "x", body: [{ sleep: 30 }] }] }] },
        { spawn: "b", body: [{ try: [{ sleep: 40 }], finally: [{ shield: [{ sleep: 7 }] }] }] },
        { sleep: 10 },
        { throw: "Boom(main)" },
      ],
    };
    expect(needsOf(program)).toEqual([]);
    const { trace, outcome } = await runProgram(minimalTarget, program);
    expect(trace.filter((line) => !line.startsWith("0 "))).toEqual([
      "10 main: failed Boom(main)",
      "10 x: cancelled",
      "10 g: left cancelled",
      "10 a: cancelled",
      "17 b: cancelled",
    ]);
    expect(outcome).toEqual({ error: { group: ["Boom(main)"] } });
  });

  it("runs a list of steps without a pause, so that members don't overtake each other", async () => {
    const nested: Step = { try: [{ try: [{ log: "inside" }], finally: [] }], finally: [{ log: "after" }] };
    const { trace } = await run([
      { spawn: "a", body: [nested] },
      { spawn: "b", body: [{ log: "first" }] },
    ]);
    expect(trace.slice(2)).toEqual([
      "0 a: starts",
      "0 a: inside",
      "0 a: after",
      "0 a: done",
      "0 b: starts",
      "0 b: first",
      "0 b: done",
    ]);
  });

  it("tells the reason of the outside from an error of the program", async () => {
    const abort = { at: 5, reason: "stop" };
    expect((await run([{ sleep: 10 }], { abort })).outcome).toEqual({ cancelled: "stop" });
    expect((await run([{ sleep: 3 }, { throw: "Error(stop)" }], { abort })).outcome).toEqual({
      error: { group: ["Error(stop)"] },
    });
  });

  it("ends a function at a return, through everything that it is in", async () => {
    const { trace } = await run([
      {
        spawn: "a",
        body: [
          { shield: [{ failAfter: 30, body: [{ moveOnAfter: 20, body: [{ try: [{ return: "early" }] }] }] }] },
          { log: "never" },
        ],
      },
      { await: "a" },
    ]);
    expect(trace).toEqual([
      "0 main: starts",
      "0 a: starts",
      "0 a: in time",
      "0 a: done",
      '0 main: a gave "early"',
      "0 main: done",
    ]);
  });

  it("throws a StuckError for a program that waits for what never comes", async () => {
    await expect(run([{ wait: "e" }], { events: ["e"] })).rejects.toThrow("everything waits at 0 ms");
  });
});

describe("a program that is none is refused before it runs", () => {
  it.each<[string, readonly unknown[], string]>([
    ["an unknown step", [{ sleep: 1 }, { slep: 10 }], 'main[1] is no step of the language: {"slep":10}'],
    ["what is no object", ["sleep"], 'main[0] is no step of the language: "sleep"'],
    ["a step inside others", [{ try: [{ group: "g", body: [{}] }] }], "main[0].try[0].body[0] is no step"],
    ["a step that is two", [{ log: "x", sleep: 10 }], "main[0] is no step of the language"],
    ["no list of steps", [{ spawn: "a", body: { sleep: 1 } }], "main[0].body should be a list of steps"],
    ["a name that is taken", [{ group: "main", body: [] }], 'main[0]: the name "main" is taken'],
    ["a name that nobody has", [{ await: "a" }], 'main[0]: there is no member "a"'],
    ["a group for a member", [{ group: "g", body: [] }, { cancelTask: "g" }], 'main[1]: there is no member "g"'],
    ["an unknown semaphore", [{ hold: "s", body: [] }], 'main[0]: there is no semaphore "s"'],
    [
      "a return in finally",
      [{ try: [], finally: [{ return: 1 }] }],
      'main[0].finally[0]: a return can\'t stand in "finally"',
    ],
  ])("%s", async (_what, body, message) => {
    await expect(run(body as readonly Step[])).rejects.toThrow(message);
  });

  it("a step that uses what doesn't exist yet fails where it stands", async () => {
    const { trace } = await run([{ await: "a" }, { spawn: "a", body: [] }]);
    expect(trace).toEqual(["0 main: starts", '0 main: failed ProgramError("a" doesn\'t exist yet)']);
  });
});
