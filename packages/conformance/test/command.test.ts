import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Report } from "../src/report.ts";

// Starting a process can take seconds on a busy machine. No test here measures time.
vi.setConfig({ testTimeout: 120_000 });

const command = join(import.meta.dirname, "../src/command/cli.ts");
const plain = join(import.meta.dirname, "implementations/plain.ts");
const room = realpathSync(mkdtempSync(join(tmpdir(), "cohort-command-")));
afterAll(() => rmSync(room, { recursive: true, force: true }));

/** A file in the room. */
function file(name: string, text: string): string {
  writeFileSync(join(room, name), text);
  return join(room, name);
}

const good = file("good.ts", `import { plain } from ${JSON.stringify(plain)};\nexport default plain();\n`);
const FLAGS = ["--conditions=@cohort/source", "--disable-warning=ExperimentalWarning"];

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { NODE_OPTIONS: _, FORCE_COLOR: __, ...own } = process.env;
  return spawn(process.execPath, [...FLAGS, command, ...args], { cwd: room, env: { ...own, TMPDIR: room, ...env } });
}

async function ended(child: ReturnType<typeof start>): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (part: string) => (out += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (err += part));
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}

const run = (args: readonly string[], env?: NodeJS.ProcessEnv) => ended(start(args, env));

describe("cohort-conformance", () => {
  it("runs an implementation in TypeScript, and ends with 0 if all is well", async () => {
    const { code, out, err } = await run([good, "--only", "LC-1.body-value", "--reporter", "json"]);
    expect([code, err]).toEqual([0, ""]);
    const report = JSON.parse(out) as Report;
    expect(report.target).toEqual({ name: "plain", version: "1.2.3" });
    expect(report.runtime).toEqual({ name: "node", version: process.versions.node });
    expect(report.cases.map(({ id, status }) => [id, status])).toEqual([["LC-1.body-value", "pass"]]);
  });

  it("ends with 1 if a case fails, and with 0 again where that is known", async () => {
    const wrong = file(
      "wrong.mjs",
      `export const target = { name: "w", version: "", api: { async taskGroup(body) {
      await body({ createTask: (fn) => void fn({}) }); return "wrong"; } } };`,
    );
    const args = [wrong, "--only", "LC-1.body-value"];
    const { code, out } = await run(args);
    expect(code).toBe(1);
    expect(out).toContain("✗ LC-1.body-value");
    expect(out).not.toContain("\u001b");
    const known = file("failing.json", '{ "LC-1.body-value": "not yet" }');
    expect((await run([...args, "--known", known])).code).toBe(0);
    expect((await run([good, "--only", "LC-1.body-value", "--known", known])).code).toBe(1);
  });

  it("writes the report into a file", async () => {
    const { code, out } = await run([
      good,
      "--only",
      "LC-1.body-value",
      "--reporter",
      "junit",
      "--output",
      "report.xml",
    ]);
    expect([code, out]).toEqual([0, ""]);
    expect(readFileSync(join(room, "report.xml"), "utf8")).toContain('<testsuite name="plain 1.2.3 on node');
  });

  it("lists the cases: id, level, title", async () => {
    const { code, out } = await run(["--list", "--only", "LC-1.body-value"]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^LC-1\.body-value {2}MUST {4}\S.*\n$/)]);
  });

  const notOne = file("not-one.mjs", "export default { name: 'x', version: '1', api: {} };");
  const throwing = file("throwing.mjs", "throw new Error('boom\\nand more');");
  const unbuilt = file("unbuilt.mjs", "import 'no-such-package'; export default {};");
  const broken = file("broken.json", "{");
  it.each([
    ["no implementation", [], "an implementation is needed"],
    ["an unknown option", ["--nonsense"], "unknown option '--nonsense'"],
    ["a file that isn't there", ["gone.js"], "there is no file gone.js"],
    ["a directory", ["."], "there is no file ."],
    ["a module without a target", [plain], "exports no conformance target"],
    ["a target that is none", [notOne], 'the conformance target "x" needs a function api.taskGroup'],
    ["a module that throws", [throwing], "throwing.mjs can't be loaded: Error: boom and more"],
    ["a module that can't be built", [unbuilt], 'Could not resolve "no-such-package"'],
    ["an unknown runtime", [good, "--runtime", "netscape"], "There is no runtime netscape"],
    ["an unknown reporter", [good, "--reporter", "dots"], "'dots' is invalid"],
    ["a case that isn't there", [good, "--only", "XX-1"], "no case is called XX-1"],
    ["a list that isn't there", [good, "--known", "gone.json"], "--known gone.json can't be used"],
    ["a list that is no JSON", [good, "--known", broken], "broken.json can't be used"],
    ["no patience", [good, "--patience", "0"], "Seconds are needed"],
    ["both a driver and an implementation", [good, "--driver", "x"], "--driver takes the place of an implementation"],
    ["a driver that says nothing", ["--driver", "exit 3"], "ended with exit code 3"],
    [
      "an output that can't be written",
      [good, "--only", "LC-1.body-value", "--output", "no/where"],
      "can't be written",
    ],
    ["a number that is none", ["fuzz", good, "--runs", "many"], "A whole number is needed"],
    ["nothing to drive", ["drive", "gone.js"], "there is no file gone.js"],
    ["no Python", ["fuzz", good, "--python", "/no/python"], "the Python /no/python can't be used"],
  ])("says in one line what is wrong with %s, and ends with 2", async (_, args, message) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^cohort-conformance: .*\n$/);
    expect(err).toContain(message);
  });

  it("names a runtime that isn't found and what would make it be found, and ends with 2 if it was asked for", async () => {
    const { code, err } = await run([good, "--runtime", "bun"], { PATH: room, COHORT_BUN: "" });
    expect(code).toBe(2);
    expect(err).toBe(
      "cohort-conformance: bun is left out, since it isn't found; wanted: bun on the PATH, COHORT_BUN, or `npm install --save-dev bun`\n",
    );
    expect((await run([good, "--runtime", "bun"], { COHORT_BUN: "/no/bun" })).err).toContain(
      "COHORT_BUN names no file",
    );
  });

  it("prints for the program in the README what the README says", async () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const [, program = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
    const [, name = "", ...args] = /^npx cohort-conformance (\S+) (--only) (\S+)$/m.exec(readme) ?? [];
    const [, expected = ""] = /```text\n(.*?)```/s.exec(readme) ?? [];
    file(name, program);
    const { code, out } = await run([name, ...args]);
    const anyVersion = (text: string): string => text.replace(/ on node .*|suite \S+/g, "");
    expect(code).toBe(1);
    expect(anyVersion(out)).toBe(anyVersion(expected));
  });

  it("serves the driver protocol for an implementation, and runs the scenarios over it", async () => {
    const self = [process.execPath, ...FLAGS, command, "drive", good].map((word) => JSON.stringify(word)).join(" ");
    const { code, out, err } = await run(["--driver", self, "--only", "LC-1", "--reporter", "json"]);
    const { target, runtime, cases } = JSON.parse(out) as Report;
    expect([code, err]).toEqual([0, ""]);
    expect([target.name, runtime.name]).toEqual(["plain", "node"]);
    expect(cases.map(({ status }) => status)).toContain("pass");
  });

  it("ends what it has started when it is interrupted, and leaves nothing behind", async () => {
    const pids = join(room, "pid");
    const hanging = file(
      "hanging.mjs",
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(pids)}, String(process.pid)); for (;;);`,
    );
    const child = start([hanging]);
    const end = ended(child);
    const pid = await vi.waitUntil(() => Number(readIfThere(pids)) || undefined, { timeout: 60_000 });
    child.kill("SIGINT");
    expect((await end).code).toBe(130);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(readdirSync(room).filter((name) => name.startsWith("cohort-conformance-"))).toEqual([]);
  });
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
