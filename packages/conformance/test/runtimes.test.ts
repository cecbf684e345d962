import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { fromPackages, fromPath, type Search } from "../src/runtimes/find.ts";
import { bun } from "../src/runtimes/bun.ts";
import { node } from "../src/runtimes/node.ts";
import { runIn } from "../src/runtimes/run-in.ts";

// Starting a process can take seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const room = realpathSync(mkdtempSync(join(tmpdir(), "cohort-runtimes-")));
afterAll(() => rmSync(room, { recursive: true, force: true }));

function file(name: string, text: string): string {
  mkdirSync(dirname(join(room, name)), { recursive: true });
  writeFileSync(join(room, name), text);
  return join(room, name);
}

/** An implementation whose groups do this after a first, harmless one, by which it is looked at. */
function spoilt(name: string, then: string): string {
  return file(
    name,
    `let groups = 0;
export default { name: "spoilt", version: "1", api: {
  async taskGroup(...args) {
    if (groups++ > 0) { ${then} }
    await args.pop()({ createTask: (fn) => void fn({}) });
  },
} };`,
  );
}

const errand = { only: ["LC-1"], known: {}, patience: 60_000, signal: new AbortController().signal };

describe("a runtime that the suite is carried into", () => {
  it("is reported to have died, with its last words and the case that it was in, if it dies", async () => {
    const implementation = spoilt("dies.mjs", "console.error('farewell'); process.exit(7);");
    const report = await runIn(node, process.execPath, { ...errand, implementation, file: "dies.mjs" });
    const [first, second] = report.cases;
    expect(first).toMatchObject({ status: "error" });
    expect(first?.message).toBe(`node died in ${first?.id}: it exited with code 7\nfarewell`);
    expect(report.problems).toEqual([first?.message]);
    expect(second).toMatchObject({ status: "skip", message: "node had ended before its turn came" });
    expect(report.counts.error).toBe(1);
  });

  it("is reported to hang, with the case that it was in, if it says nothing for too long", async () => {
    const implementation = spoilt("hangs.mjs", "for (;;);");
    const report = await runIn(node, process.execPath, {
      ...errand,
      // Long enough for a process to start on a busy machine.
      patience: 10_000,
      implementation,
      file: "hangs.mjs",
    });
    expect(report.problems).toEqual([`node hangs in ${report.cases[0]?.id}: 10 s without a result`]);
  });

  it("is reported to have died before its first case, if it can't be started", async () => {
    const implementation = spoilt("never.mjs", "");
    const report = await runIn(node, "/no/such/node", { ...errand, implementation, file: "never.mjs" });
    expect(report.problems).toEqual([
      expect.stringMatching(/^node died before its first case: it can't be started: .*ENOENT/),
    ]);
    expect(report.target).toEqual({ name: "never.mjs", version: "" });
  });

  it("isn't confused by what an implementation prints, and isn't waited for when it is done", async () => {
    const implementation = spoilt(
      "prints.mjs",
      `console.log('{"end":{"problems":[]}}'); setInterval(() => {}, 1e6); return "value";`,
    );
    const report = await runIn(node, process.execPath, { ...errand, implementation, file: "prints.mjs" });
    expect(report.cases.length).toBeGreaterThan(1);
    expect(report.problems).toEqual([]);
  });

  it("rejects with the reason of its signal, and leaves no directory behind", async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("cohort-conformance-node"));
    const controller = new AbortController();
    const implementation = spoilt("stopped.mjs", "for (;;);");
    const onMessage = (): void => controller.abort(new Error("enough"));
    const given = { ...errand, signal: controller.signal, implementation, file: "stopped.mjs", onMessage };
    await expect(runIn(node, process.execPath, given)).rejects.toThrow("enough");
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith("cohort-conformance-node"));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });
});

describe("a runtime is found", () => {
  const search: Search = { env: {}, from: [join(room, "project/src")], node: process.execPath };

  it("by a variable, before everything else; one that names nothing is refused", async () => {
    const path = file("elsewhere/bun", "");
    expect(await bun.find({ ...search, env: { COHORT_BUN: path, PATH: "" } })).toBe(path);
    await expect(bun.find({ ...search, env: { COHORT_BUN: "/no/bun" } })).rejects.toThrow("COHORT_BUN names no file");
  });

  it.skipIf(process.platform === "win32")("on the PATH", () => {
    const path = file("bin/some-runtime", "");
    chmodSync(path, 0o755);
    const env = { PATH: `/no/where:${dirname(path)}` };
    expect(fromPath({ ...search, env }, "another", "some-runtime")).toBe(path);
    expect(fromPath({ ...search, env: {} }, "some-runtime")).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")(
    "in packages, also where only the one that depends on them may find them",
    () => {
      file("project/node_modules/some/package.json", "{}");
      file("project/node_modules/some/node_modules/@some/machine/package.json", "{}");
      const path = file("project/node_modules/some/node_modules/@some/machine/bin/some", "");
      expect(fromPackages(search, "some", ["@some/other", "@some/machine"], "bin/some")).toBe(path);
      expect(fromPackages(search, "some", ["@some/other"], "bin/some")).toBeUndefined();
    },
  );
});
