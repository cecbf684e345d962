import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture } from "../setup/child.mjs";
import { nodeOfLine, type NodeLine } from "../setup/node.mjs";
import { npmCommand } from "../setup/npm.mjs";
import { runtimeFromNpm } from "../setup/runtimes.mjs";
import { ifHad } from "./if-had.ts";
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

/** A platform's types, and the adapter that is for it. */
interface Platform {
  readonly adapter: string;
  readonly lib: readonly string[];
  readonly types: readonly string[];
  readonly skipLibCheck?: boolean;
}

const platforms: Readonly<Record<string, Platform>> = {
  "Node's types": { adapter: "@cohort/node", lib: ["es2022"], types: ["node"] },
  "the DOM's types": { adapter: "@cohort/browser", lib: ["es2022", "dom", "esnext.disposable"], types: [] },
  "Workers' types": {
    adapter: "@cohort/workers",
    lib: ["es2022", "esnext.disposable"],
    types: ["@cloudflare/workers-types"],
  },
  // Bun's own declarations lean on a newer @types/node than those who are on the oldest Node have.
  "Bun's types": { adapter: "@cohort/bun", lib: ["es2022", "esnext.disposable"], types: ["bun"], skipLibCheck: true },
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
      ...(await checkedByDeno(project, leftOut)),
      ...(await ran(project, leftOut)),
      ...(await virtualTime(project, nodes, leftOut)),
      ...(await conformanceSuite(project, leftOut)),
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
  const types = await Promise.all([
    sameAsHere("@types/node"),
    sameAsHere("@cloudflare/workers-types"),
    sameAsHere("@types/bun", join(root, "packages/bun")),
  ]);
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
  for (const [platform, { adapter, lib, types, skipLibCheck = false }] of Object.entries(platforms)) {
    for (const [resolution, modules] of Object.entries(resolutions)) {
      const directory = join(project, `${resolution}-${types[0] ?? "dom"}`.replaceAll(/\W/g, "-"));
      await mkdir(directory);
      await writeFile(join(directory, "program.mts"), program.replace("@cohort/node", adapter));
      // For a library that doesn't know its host, wherever it ends up.
      await writeFile(join(directory, "anywhere.mts"), program.replace("@cohort/node", "@cohort/universal"));
      await writeFile(join(directory, "testing.mts"), testing.replace("@cohort/universal", adapter));
      const compilerOptions = {
        ...modules,
        lib,
        types,
        target: "es2022",
        strict: true,
        skipLibCheck,
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

/** Deno brings its compiler along, and its types. */
async function checkedByDeno(project: string, leftOut: string[]): Promise<readonly Check[]> {
  const program = await readFile(join(programs, "program.ts"), "utf8");
  await writeFile(join(project, "deno.mts"), program.replace("@cohort/node", "@cohort/deno"));
  const found = await ifHad("Deno", () => runtimeFromNpm("deno", root, here.env), leftOut);
  return found.map((deno) => ({
    name: "@cohort/deno compiles: deno check",
    run: () => succeed(deno, ["check", "--no-lock", "--quiet", "deno.mts"], project),
  }));
}

/** `import` and `require()` on every Node that the packages promise to run on, on Bun and on Deno. */
async function ran(project: string, leftOut: string[]): Promise<readonly Check[]> {
  const hosts: { host: string; adapter: string; path: string; flags: readonly string[] }[] = [];
  for (const line of nodes) {
    for (const { path, version } of await ifHad(`Node ${line}`, () => nodeOfLine(line, root, here.env), leftOut))
      hosts.push({ host: `Node ${version}`, adapter: "node", path, flags: ["--unhandled-rejections=strict"] });
  }
  for (const path of await ifHad("Bun", () => runtimeFromNpm("bun", root, here.env), leftOut))
    hosts.push({ host: "Bun", adapter: "bun", path, flags: [] });
  for (const path of await ifHad("Deno", () => runtimeFromNpm("deno", root, here.env), leftOut))
    hosts.push({ host: "Deno", adapter: "deno", path, flags: ["run", "--quiet", "--no-lock", "--allow-all"] });
  const checks: Check[] = [];
  for (const [verb, kind] of [
    ["imported", "mjs"],
    ["required", "cjs"],
  ] as const) {
    const program = await readFile(join(programs, `program.${kind}`), "utf8");
    for (const { host, adapter, path, flags } of hosts) {
      const file = `program-${adapter}.${kind}`;
      await writeFile(join(project, file), program.replace("@cohort/node", `@cohort/${adapter}`));
      checks.push({
        name: `@cohort/${adapter} ${verb} on ${host}`,
        run: () => succeed(path, [...flags, file], project),
      });
    }
  }
  return checks;
}

/** What npm is to install to have the version that this workspace has. */
async function sameAsHere(name: string, at: string = root): Promise<string> {
  const manifest = JSON.parse(await readFile(join(at, "node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  return `${name}@${manifest.version}`;
}

async function succeed(command: string, args: readonly string[], cwd: string = root): Promise<void> {
  const { ok, ending, output } = await capture(command, args, { ...here, cwd });
  if (!ok) throw new Error(`${command} ${args.join(" ")}: ${ending}\n${output}`);
}
