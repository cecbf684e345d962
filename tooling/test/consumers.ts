import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../setup/child.mjs";
import { nodeOfLine, type NodeLine } from "../setup/node.mjs";
import { npmCommand } from "../setup/npm.mjs";
import { here, root } from "./repository.ts";
import { virtualTime } from "./runners.ts";
import { conformanceSuite } from "./suite-consumers.ts";
import { runChecks, type Check, type Outcome, type Suite } from "./suite.ts";

/**
 * The packages as their users get them: packed, installed by npm in a project of its own that knows nothing of this
 * workspace, then run on every Node and compiled under every setting that is promised to work.
 */
export const consumers: Suite = { name: "consumers of the packed packages", run: consume };

const programs = join(import.meta.dirname, "consumer");
const nodes: readonly NodeLine[] = [20, 22, 24, 26];
const compilers = { "TypeScript 5.9": "5.9.3", "TypeScript 6.0": "6.0.3", "TypeScript 7.0": "7.0.2" };
const resolutions = {
  nodenext: { module: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};
const platforms = {
  "Node's types": { adapter: "@cohort/node", lib: ["es2022"], types: ["node"] },
  "the DOM's types": { adapter: "@cohort/universal", lib: ["es2022", "dom", "esnext.disposable"], types: [] },
  "Workers' types": {
    adapter: "@cohort/universal",
    lib: ["es2022", "esnext.disposable"],
    types: ["@cloudflare/workers-types"],
  },
};

/** A package under test: what it is called and where its tarball lies. */
interface Packed {
  readonly name: string;
  readonly tarball: string;
}

async function consume(): Promise<Outcome> {
  const scratch = await mkdtemp(join(tmpdir(), "cohort-consumer-"));
  try {
    const packed = await pack(scratch);
    const project = await installed(scratch, packed);
    const leftOut: string[] = [];
    const checks = [
      ...packed.flatMap(published),
      ...(await compiled(project)),
      ...(await ran(project, leftOut)),
      ...(await virtualTime(project, nodes, leftOut)),
      ...(await conformanceSuite(project)),
    ];
    const outcome = await runChecks(checks);
    return leftOut.length === 0 ? outcome : { ...outcome, note: `left out: ${leftOut.join("; ")}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Packs every package that is published, as `pnpm publish` would. */
async function pack(scratch: string): Promise<readonly Packed[]> {
  const packed: Packed[] = [];
  for (const directory of await readdir(join(root, "packages"))) {
    const cwd = join(root, "packages", directory);
    const manifest = JSON.parse(await readFile(join(cwd, "package.json"), "utf8")) as {
      name: string;
      private?: boolean;
    };
    if (manifest.private) continue;
    const tarball = join(scratch, `${directory}.tgz`);
    await succeed("pnpm", ["pack", "--out", tarball], cwd);
    packed.push({ name: manifest.name, tarball });
  }
  return packed;
}

/** A new project with the tarballs and the compilers in it, by npm alone. */
async function installed(scratch: string, packed: readonly Packed[]): Promise<string> {
  const project = join(scratch, "project");
  await mkdir(project);
  const [npm, ...first] = npmCommand(here.env);
  await succeed(npm, [...first, "init", "-y"], project);
  const tarballs = packed.map(({ tarball }) => tarball);
  const types = await Promise.all(["@types/node", "@cloudflare/workers-types"].map(sameAsHere));
  const tools = Object.values(compilers).map((version) => `typescript-${version}@npm:typescript@${version}`);
  const flags = ["--no-audit", "--no-fund", "--loglevel=error"];
  await succeed(npm, [...first, "install", ...flags, ...tarballs, ...types, ...tools], project);
  return project;
}

/** The package's manifest, files and types, as seen by those who install it. */
function published({ name, tarball }: Packed): readonly Check[] {
  return [
    { name: `${name}: publint`, run: () => succeed("publint", ["run", tarball, "--strict"]) },
    {
      name: `${name}: are the types wrong?`,
      run: () => succeed("attw", [tarball, "--profile", "esm-only", "--no-definitely-typed"]),
    },
  ];
}

/** The same program under each compiler, module resolution and platform, with the libraries' own declarations checked too. */
async function compiled(project: string): Promise<readonly Check[]> {
  const program = await readFile(join(programs, "program.ts"), "utf8");
  const testing = await readFile(join(root, "packages/testing/test/examples/portable.ts"), "utf8");
  const checks: Check[] = [];
  for (const [platform, { adapter, lib, types }] of Object.entries(platforms)) {
    for (const [resolution, modules] of Object.entries(resolutions)) {
      const directory = join(project, `${resolution}-${types[0] ?? "dom"}`.replaceAll(/\W/g, "-"));
      await mkdir(directory);
      await writeFile(join(directory, "program.mts"), program.replace("@cohort/node", adapter));
      await writeFile(join(directory, "testing.mts"), testing.replace("@cohort/universal", adapter));
      const compilerOptions = {
        ...modules,
        lib,
        types,
        target: "es2022",
        strict: true,
        skipLibCheck: false,
        noEmit: true,
      };
      await writeFile(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions }));
      for (const [compiler, version] of Object.entries(compilers)) {
        const tsc = join(project, "node_modules", `typescript-${version}`, "bin", "tsc");
        checks.push({
          name: `${adapter} compiles: ${compiler}, ${resolution}, ${platform}`,
          run: () => succeed(process.execPath, [tsc, "-p", directory]),
        });
      }
    }
  }
  return checks;
}

/** `import` and `require()` on every Node that the packages promise to run on. */
async function ran(project: string, leftOut: string[]): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const [verb, file] of [
    ["imported", "program.mjs"],
    ["required", "program.cjs"],
  ] as const) {
    await writeFile(join(project, file), await readFile(join(programs, file), "utf8"));
    for (const line of nodes) {
      try {
        const { path, version } = await nodeOfLine(line, root, here.env);
        checks.push({
          name: `@cohort/node ${verb} on Node ${version}`,
          run: () => succeed(path, ["--unhandled-rejections=strict", file], project),
        });
      } catch (error) {
        leftOut.push(`Node ${line}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return checks;
}

/** What npm is to install to have the version that this workspace has. */
async function sameAsHere(name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, "node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  return `${name}@${manifest.version}`;
}

async function succeed(command: string, args: readonly string[], cwd: string = root): Promise<void> {
  const { ok, ending, output } = await capture(command, args, { ...here, cwd });
  if (!ok) throw new Error(`${command} ${args.join(" ")}: ${ending}\n${output}`);
}
