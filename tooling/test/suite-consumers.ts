import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capture } from "../setup/child.mjs";
import { nodeOfLine } from "../setup/node.mjs";
import { runtimeFromNpm } from "../setup/runtimes.mjs";
import { here, root } from "./repository.ts";
import type { Check } from "./suite.ts";

/** The conformance suite as those get it who install it: the program in its README, and the bindings. */
export async function conformanceSuite(project: string): Promise<readonly Check[]> {
  const readme = await readFile(join(root, "packages/conformance/README.md"), "utf8");
  const program = /```js\n\/\/ (\S+)\n(.*?)```/s.exec(readme);
  const said = /```sh\nnpx (cohort-conformance .*?)\n```\n\n```text\n(.*?)```/s.exec(readme);
  const [, file = "", code = ""] = program ?? [];
  const [, line = "", output = ""] = said ?? [];
  const directory = join(project, "conformance");
  await mkdir(directory);
  await writeFile(join(directory, file), code);
  const runners = [
    ["node-test", (await nodeOfLine(20, root, here.env)).path, ["--test"], / pass (\d+)/],
    ["bun-test", await runtimeFromNpm("bun", root, here.env), ["test"], /(\d+) pass/],
    ["deno", await runtimeFromNpm("deno", root, here.env), ["test", "--no-check", "--allow-all"], /(\d+) passed/],
  ] as const;
  return [
    {
      name: "the program in the README of @cohort/conformance gives what it says",
      async run() {
        const command = join(project, "node_modules/.bin/cohort-conformance");
        const [, ...args] = line.split(" ");
        const result = await capture(command, args, { cwd: directory, env: { ...here.env, NO_COLOR: "1" } });
        const seen = result.stdout.replaceAll(/on node [\d.]+/g, "on node").trim();
        const expected = output.replaceAll(/on node [\d.]+/g, "on node").trim();
        if (seen !== expected || expected === "") throw new Error(`it says\n${expected}\nbut gave\n${result.output}`);
      },
    },
    ...runners.map(([binding, path, args, passed]) => ({
      name: `the suite in the tests of somebody: ${binding}`,
      async run() {
        const name = `${binding}.test.mjs`;
        await writeFile(
          join(directory, name),
          `import { conformance } from "@cohort/conformance/${binding}";
import * as api from "@cohort/universal";
const capabilities = { "async context": "nothing that every host has keeps a value across waits" };
await conformance({ name: "universal", version: "1.0.0", api, capabilities }, { only: ["LC-1", "ME-10", "FF"] });
`,
        );
        const { ok, output: told } = await capture(path, [...args, `./${name}`], { cwd: directory, env: here.env });
        const count = Number(passed.exec(told)?.[1] ?? 0);
        // ME-10 is skipped, with its reason.
        if (!ok || count < 20 || !told.includes("ME-10")) throw new Error(told);
      },
    })),
  ];
}
