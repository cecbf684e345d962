import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { answerOfLine } from "../src/driver/answer-of-line.ts";
import { RemoteDriver } from "../src/driver/remote-driver.ts";
import { runScenario } from "../src/driver/run-scenario.ts";
import { serve } from "../src/driver/serve.ts";
import type { Program } from "../src/scenarios/program.ts";
import reference from "./reference-target.ts";
import { scenarios } from "../src/scenarios/scenario-files.ts";

// No test here measures time, and a busy machine may take long.
vi.setConfig({ testTimeout: 120_000 });

const program: Program = { body: [{ sleep: 10 }, { return: 1 }] };
const run = { trace: ["0 main: starts", "10 main: done"], outcome: { value: 1 } };

async function answersTo(...commands: readonly unknown[]): Promise<readonly unknown[]> {
  const said: string[] = [];
  const lines = commands.map((command) => (typeof command === "string" ? command : JSON.stringify(command)));
  await serve({ ...reference, capabilities: { "option.limit": "not today" } }, lines, (line) => said.push(line));
  return said.map((line) => JSON.parse(line) as unknown);
}

describe("serve()", () => {
  it("says who it is, where it runs and what it lacks", async () => {
    expect(await answersTo({ cmd: "start", protocol: 1 })).toEqual([
      {
        ok: true,
        protocol: 1,
        name: "reference",
        version: "0.0.0",
        runtime: `node ${process.versions.node}`,
        lacks: { "option.limit": "not today" },
      },
    ]);
  });

  it("runs programs, one after the other", async () => {
    expect(await answersTo({ cmd: "run", seq: 7, program }, "", { cmd: "run", seq: 8, program })).toEqual([
      { seq: 7, ...run },
      { seq: 8, ...run },
    ]);
  });

  it("skips a program that needs what the implementation lacks", async () => {
    const limited: Program = { options: { limit: 1 }, body: [] };
    expect(await answersTo({ cmd: "run", seq: 1, program: limited })).toEqual([{ seq: 1, skipped: "not today" }]);
  });

  it("answers with an error to a program that is stuck, and to one that is none", async () => {
    const stuck: Program = { events: ["e"], body: [{ wait: "e" }] };
    expect(
      await answersTo({ cmd: "run", seq: 1, program: stuck }, { cmd: "run", seq: 2, program: { body: [{}] } }),
    ).toEqual([
      { seq: 1, error: "stuck: everything waits at 0 ms, and no timer is set" },
      { seq: 2, error: "ProgramError: main[0] is no step of the language: {}" },
    ]);
  });

  it("refuses another protocol, an unknown command and what is no JSON, and goes on", async () => {
    expect(
      await answersTo({ cmd: "start", protocol: 2 }, { cmd: "jump" }, "hello", { cmd: "run", seq: 1, program }),
    ).toEqual([
      { ok: false, error: "this driver speaks protocol 1, not 2" },
      { ok: false, error: 'nobody knows the command "jump"' },
      { ok: false, error: "this is no JSON: hello" },
      { seq: 1, ...run },
    ]);
  });

  it("says nothing to stop, and nothing after it", async () => {
    expect(await answersTo({ cmd: "stop" }, { cmd: "run", seq: 1, program })).toEqual([]);
  });
});

describe("answerOfLine()", () => {
  it.each([
    ["a run", { seq: 3, ...run }, run],
    ["a skipped program", { seq: 3, skipped: "why" }, { skipped: "why" }],
    ["the driver's own error", { error: "ouch" }, { error: "ouch" }],
    ["an answer to another program", { seq: 2, ...run }, { error: "the driver answered to 2 when it was asked 3" }],
  ])("takes %s", (_what, said, answer) => {
    expect(answerOfLine(JSON.stringify(said), 3)).toEqual(answer);
  });

  it.each([
    '{"seq":3}',
    '{"seq":3,"trace":[1],"outcome":{"value":1}}',
    '{"seq":3,"trace":[],"outcome":{}}',
    "null",
    "[1]",
    "oops",
  ])("calls %s the driver's error", (line) => {
    expect(answerOfLine(line, 3)).toHaveProperty("error");
  });
});

describe("RemoteDriver", () => {
  const serving = ["--conditions=@cohort/source", join(import.meta.dirname, "programs/serve-reference.ts")];
  const line = [process.execPath, ...serving].map((part) => JSON.stringify(part)).join(" ");
  const script = (code: string): Promise<RemoteDriver> => RemoteDriver.start(process.execPath, { args: ["-e", code] });
  /** A driver that starts well, and does what the code says with the line of the first program. */
  const thatAnswers = (code: string): Promise<RemoteDriver> =>
    RemoteDriver.start(process.execPath, {
      args: [
        "-e",
        `let started = false;
        require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
          if (started) { ${code} }
          else console.log(JSON.stringify({ ok: true, protocol: 1, name: "x", version: "1", runtime: "y", lacks: {} }));
          started = true;
        });`,
      ],
    });

  describe("with a driver in a process of its own", () => {
    let driver: RemoteDriver;
    beforeAll(async () => {
      driver = await RemoteDriver.start(process.execPath, { args: serving });
    });
    afterAll(() => driver.end());

    it("knows who answers", () => {
      const { name, version, runtime, lacks } = driver;
      expect({ name, version, runtime, lacks }).toEqual({
        name: "reference",
        version: "0.0.0",
        runtime: `node ${process.versions.node}`,
        lacks: { "option.limit": "not today" },
      });
    });

    it("has every scenario run there", async () => {
      for (const scenario of scenarios) {
        const { status, message } = await runScenario(driver, scenario);
        const isLimited = JSON.stringify(scenario.program).includes('"limit"');
        expect([scenario.id, status, message]).toEqual([
          scenario.id,
          isLimited ? "skip" : "pass",
          isLimited ? "not today" : undefined,
        ]);
      }
    });

    it("is told of what fails, line by line", async () => {
      const [first] = scenarios;
      if (first === undefined) throw new Error("there are no scenarios");
      const wrong = { ...first, outcome: { value: "something else" } };
      expect(await runScenario(driver, wrong)).toMatchObject({
        id: first.id,
        status: "fail",
        message: expect.stringContaining("something else"),
      });
    });

    it("stops it, and waits for its end", async () => {
      await driver.stop();
      await expect(driver.run(program)).rejects.toThrow("ended with exit code 0");
    });
  });

  it("takes a command line for the shell too", async () => {
    const driver = await RemoteDriver.start(line);
    expect(await driver.run(program)).toEqual(run);
    await driver.stop();
  });

  it("ends what the shell has started too", async () => {
    // Not the last command of the line: the shell stays, and waits for it.
    const driver = await RemoteDriver.start(`${line}; true`);
    driver.end();
    await expect(driver.run(program)).rejects.toThrow("ended with signal SIGKILL");
  });

  it("says why a command didn't start", async () => {
    await expect(RemoteDriver.start("no-such-command-here", { args: [] })).rejects.toThrow("ENOENT");
    await expect(script("console.error('no luck'); process.exit(3)")).rejects.toThrow(
      /ended with exit code 3:\nno luck/,
    );
    await expect(script("console.log('hello')")).rejects.toThrow("didn't start: it said what is no JSON: hello");
    await expect(script(`console.log('{"ok":false,"error":"not me"}')`)).rejects.toThrow("didn't start: not me");
    await expect(script(`console.log('{"ok":true,"protocol":9}')`)).rejects.toThrow("didn't start: it answered");
  });

  it("says that the driver died in the middle of a program, with the last of what it complained about", async () => {
    const driver = await thatAnswers("console.error('oh no'); process.exit(4)");
    await expect(driver.run(program)).rejects.toThrow(/ended with exit code 4:\noh no/);
  });

  it("ends a driver that says nothing", async () => {
    const args = ["-e", "setInterval(() => {}, 1000)"];
    const silent = RemoteDriver.start(process.execPath, { args, patience: 100 });
    await expect(silent).rejects.toThrow("said nothing for 100 ms");
  });

  it("calls an answer that is none an error of the driver, not of the implementation", async () => {
    const driver = await thatAnswers("console.log('what?')");
    const [scenario] = scenarios;
    if (scenario === undefined) throw new Error("there are no scenarios");
    expect(await runScenario(driver, scenario)).toMatchObject({
      status: "error",
      message: "the driver said what is no JSON: what?",
    });
    driver.end();
  });

  it("complains of a driver that ends otherwise than with exit code 0", async () => {
    const driver = await thatAnswers("process.exit(5)");
    await expect(driver.stop()).rejects.toThrow("ended with exit code 5");
  });
});
