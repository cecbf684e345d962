import { EventEmitter } from "node:events";
import { join } from "node:path";
import * as core from "@cohort/core";
import * as cohort from "@cohort/node";
import * as testing from "@cohort/testing";
import { transform } from "esbuild";
import { describe, expect, it, onTestFinished, vi } from "vitest";

/** By path: no package has the repository's tools. */
const { docstringExamples } = (await import(join(import.meta.dirname, "../../../tooling/docstring-examples.ts"))) as {
  docstringExamples: (
    name: string,
    exclude: readonly string[],
  ) => Promise<readonly { readonly title: string; readonly code: string }[]>;
};

/** Every docstring's example. The bindings' are files of their own, that run under each runner. */
const packages = ["core", "node", "testing"].map((name) => docstringExamples(name, ["**/bindings/*"]));
const examples = (await Promise.all(packages)).flat().map(({ title, code }) => [title, code] as const);

class HttpError extends Error {
  readonly status = 503;
}

const tick = async (): Promise<void> => {};

/** What the requests of an example are waited for with. */
const handled: Promise<void>[] = [];

/** A response without a socket, which has been sent as soon as it is ended. Real ones are in the tests of @cohort/node. */
function response(): EventEmitter {
  const sent = vi.fn<() => void>();
  const own = { writableFinished: false, closed: false, destroyed: false, headersSent: false, socket: null };
  const res = Object.assign(new EventEmitter(), own, {
    end() {
      sent();
      res.writableFinished = true;
      res.emit("finish");
    },
  });
  onTestFinished(() => expect(sent).toHaveBeenCalledOnce());
  return res;
}

/** What the examples speak of without saying what it is. */
const world = {
  ...core,
  ...testing,
  ...cohort,
  expect,
  console: { log: vi.fn<() => void>(), error: vi.fn<() => void>() },
  fetch: tick,
  log: vi.fn<() => void>(),
  report: vi.fn<() => void>(),
  retry: vi.fn<() => void>(),
  HttpError,
  badConfiguration: true,
  crawl: (group: cohort.TaskGroup) => {
    group.createTask(({ sleep }) => sleep(10), { name: "page-1" });
    group.createTask(() => Promise.reject(new HttpError("503 Service Unavailable")), { name: "page-2" });
  },
  download: async (url: string) => `the page at ${url}`,
  fetchOrders: async () => [1, 2],
  fetchUser: async () => {
    throw new HttpError("no such user");
  },
  files: [{ path: "a" }, { path: "b" }],
  id: 7,
  load: async () => 1,
  mirrors: ["https://a.example", "https://b.example"],
  mutex: new cohort.Mutex(),
  myAdapter: cohort.adapter,
  players: [{ move: tick }, { move: tick }],
  probes: [tick, tick],
  results: [{ status: "rejected", reason: new HttpError("503") }],
  rounds: 2,
  save: vi.fn<() => void>(),
  serve: tick,
  serveRequests: tick,
  sizeOf: () => 1,
  stock: 0,
  todo: [1, 2, 3],
  urls: ["https://a.example/1", "https://a.example/2"],
  warmUp: tick,
  work: tick,
};

/** What a word means in one example only. */
const own: Record<string, Record<string, unknown>> = {
  "packages/core/src/errors.ts (1)": {
    task: { then: (_: unknown, no: (e: unknown) => void) => no(new core.CancelledError()) },
  },
  "packages/core/src/exception-group.ts (2)": {
    group: new core.ExceptionGroup("two", [new core.TimeoutError("late"), new HttpError("503")]),
  },
  "packages/testing/src/virtual-time.ts (2)": { crawl: ({ sleep }: cohort.TaskGroup) => sleep(10) },
  "packages/core/src/gather.ts (1)": { fetchUser: async () => "Ann" },
  "packages/node/src/request-scope.ts (1)": {
    createServer: (handle: (req: object, res: EventEmitter) => Promise<void>) =>
      void handled.push(handle({ method: "GET", url: "/" }, response())),
    loadUser: async () => "Ann",
    loadOrders: async () => [1, 2],
  },
};

/** Examples whose point is what they throw. */
const thrown: Record<string, unknown> = {
  "packages/core/src/errors.ts (2)": core.SystemExit,
  "packages/core/src/exception-group.ts (2)": core.ExceptionGroup,
  "packages/core/src/exception-group.ts (4)": core.ExceptionGroup,
  "packages/core/src/only-error.ts (1)": HttpError,
};

const AsyncFunction = tick.constructor as new (...source: string[]) => (...words: unknown[]) => Promise<void>;

/** The example as an async function over the words that it leaves open. */
async function programOf(title: string, source: string): Promise<(words: object) => Promise<void>> {
  const lines = source.replaceAll(/^import .*$/gm, "").replaceAll(/^export /gm, "");
  const { code } = await transform(`var example = async () => {\n${lines}\n}`, { loader: "ts", target: "es2022" });
  return (words) => {
    const all = { ...world, ...words, ...own[title] };
    return new AsyncFunction(...Object.keys(all), `${code}; await example();`)(...Object.values(all));
  };
}

async function run(title: string, program: (words: object) => Promise<void>): Promise<void> {
  const expected = thrown[title];
  let error: unknown;
  await testing.withVirtualTime(cohort.runtime, {}, (clock) =>
    cohort.taskGroup(async (group) => {
      await program({ clock, group, task: group }).catch((caught: unknown) => (error = caught));
      await Promise.all(handled.splice(0));
    }),
  );
  if (expected !== undefined) expect(error).toBeInstanceOf(expected);
  else if (error !== undefined) throw error;
}

describe("the examples in docstrings run", () => {
  it("there are some", () => expect(examples.length).toBeGreaterThan(25));

  it.each(examples)("%s", async (title, source) => {
    const program = await programOf(title, source);
    // Those about virtual time take the clock themselves.
    await (/VirtualTime\(runtime/.test(source) ? program({}) : run(title, program));
  });
});
