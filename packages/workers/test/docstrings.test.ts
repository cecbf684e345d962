import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { Upstream } from "./upstream.ts";
import { platforms, Worker } from "./worker.ts";

/** By path: no package has the repository's tools. */
const tool = (name: string): Promise<unknown> => import(new URL(`../../../tooling/${name}`, import.meta.url).href);
const { docstringExamples } = (await tool("docstring-examples.ts")) as {
  docstringExamples: (name: string) => Promise<readonly { readonly title: string; readonly code: string }[]>;
};
const { typeErrors } = (await tool("type-errors.ts")) as {
  typeErrors: (programs: Record<string, string>, reader: object) => Promise<string>;
};

/** What they speak of without saying what it is. */
const WORDS = `import { DurableObject, env as bound } from "cloudflare:workers";
import { background, eachMessage, handler, objectScope, requestScope, type RequestScope } from "@cohort/workers";
type Env = { readonly UPSTREAM: string };
type Order = { readonly id: number };
type With = { readonly signal: AbortSignal };
const tell = async (what: string, options?: With): Promise<void> =>
  void (await fetch(\`\${(bound as Env).UPSTREAM}/told?\${what}\`, options));
const ship = ({ id }: Order, _env: Env, options: With): Promise<void> => tell(\`shipped-\${id}\`, options);
const audit = (_url: string, options: With): Promise<void> => tell("audit", options);
const [log, count, compact, report] = ["log", "count", "compact", "report"].map((what) => () => tell(what)) as [
  () => Promise<void>, () => Promise<void>, () => Promise<void>, () => Promise<void>];
const [members, messages] = [async () => 2, async () => 5] as const;
const router = {
  async handle(_request: Request, { group }: { env: Env; group: RequestScope }): Promise<Response> {
    group.createTask(() => tell("routed"));
    return new Response("by the router");
  },
};
`;

/** Those by what they are of: each is a module of its own, some only the end of a handler. */
async function examplePrograms(): Promise<Record<string, string>> {
  const programs: Record<string, string> = {};
  for (const { title, code } of await docstringExamples("workers")) {
    const [, name = ""] = /src\/(.*)\.ts/.exec(title) ?? [];
    const isModule = code.includes("export ");
    programs[`${name}.ts`] =
      WORDS + (isModule ? code : `export default { async fetch(): Promise<Response> {\n${code}\n} };`);
  }
  return programs;
}

const MAIN = `import background from "./background.ts";
import queue from "./each-message.ts";
import handled from "./handler.ts";
import { Room } from "./object-scope.ts";
import routed from "./request-scope.ts";

export class OwnRoom extends Room {
  async wake(): Promise<string> {
    await this.ctx.storage.setAlarm(Date.now());
    return "set";
  }
}

export default {
  async fetch(request, env, ctx): Promise<Response> {
    const { pathname } = new URL(request.url);
    const room = () => env.ROOM.get(env.ROOM.idFromName("one"));
    if (pathname === "/background") return background.fetch();
    if (pathname === "/handler") return handled.fetch(request, env, ctx);
    if (pathname === "/request-scope") return routed.fetch(request, env, ctx);
    if (pathname === "/room") return room().fetch(request);
    if (pathname === "/wake") return new Response(await room().wake());
    await env.ORDERS.sendBatch([{ body: { id: 1 } }, { body: { id: 2 } }]);
    return new Response("sent");
  },
  queue: (batch, env, ctx) => queue.queue(batch, env, ctx),
};
`;

it("the examples in the docstrings of @cohort/workers compile under strict", { timeout: 300_000 }, async () => {
  const programs = await examplePrograms();
  const reader = { package: "workers", lib: ["ES2022", "ESNext.Disposable"], types: ["@cloudflare/workers-types"] };
  expect(await typeErrors(programs, reader)).toBe("");
});

it("the examples in the docstrings of @cohort/workers do what they say, in workerd", async () => {
  const programs = await examplePrograms();
  const names = ["background.ts", "each-message.ts", "handler.ts", "object-scope.ts", "request-scope.ts"];
  expect(Object.keys(programs).toSorted()).toEqual(names);
  const folder = await mkdtemp(join(import.meta.dirname, "programs/docstrings-"));
  try {
    for (const [name, program] of Object.entries({ ...programs, "main.ts": MAIN })) {
      await writeFile(join(folder, name), program);
    }
    await using upstream = await Upstream.start();
    await using worker = await Worker.start(
      `${basename(folder)}/main`,
      platforms[1]!,
      { UPSTREAM: upstream.url },
      {
        durableObjects: { ROOM: { className: "OwnRoom", useSQLite: true } },
        queueProducers: { ORDERS: "orders" },
        queueConsumers: { orders: { maxBatchSize: 2, maxBatchTimeout: 1 } },
      },
    );
    expect(await worker.text("/background")).toBe("ok");
    await upstream.hears("log", "count");
    expect(await worker.text("/handler")).toBe("/");
    await upstream.hears("audit");
    expect(await worker.text("/request-scope")).toBe("by the router");
    await upstream.hears("routed");
    expect(JSON.parse(await worker.text("/room"))).toEqual([2, 5]);
    expect(await worker.text("/wake")).toBe("set");
    await upstream.hears("compact", "report");
    expect(await worker.text("/orders")).toBe("sent");
    await upstream.hears("shipped-1", "shipped-2");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
