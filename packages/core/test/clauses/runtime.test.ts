import { readdirSync, readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import * as core from "@cohort/core";
import type { RuntimeAdapter } from "@cohort/core";
import { build } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { errorOf, virtualRuntime } from "../virtual-runtime.ts";

const src = new URL("../../src/", import.meta.url);
const sources = readdirSync(src)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(new URL(name, src), "utf8") }));

/** The library as one script that defines `core`. */
const bundle = build({
  entryPoints: [new URL("index.ts", src).pathname],
  bundle: true,
  format: "iife",
  globalName: "core",
  platform: "neutral",
  target: "es2022",
  write: false,
}).then(({ outputFiles }) => outputFiles[0]?.text ?? "");

/** What ES2022 itself defines: everything else is some platform's. */
const ecmaScript = new Set([
  ..."globalThis undefined NaN Infinity eval isFinite isNaN parseFloat parseInt decodeURI encodeURI".split(" "),
  ..."decodeURIComponent encodeURIComponent escape unescape Object Function Array Number Boolean String".split(" "),
  ..."Symbol BigInt Math JSON Reflect Proxy Promise Date RegExp Map Set WeakMap WeakSet WeakRef".split(" "),
  ..."FinalizationRegistry Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError".split(
    " ",
  ),
  ..."ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray Int16Array".split(" "),
  ..."Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array".split(" "),
]);

/** A context in which only the names of ES2022 are defined, and the library in it. */
async function bareContext(): Promise<{ core: typeof core }> {
  const context = createContext({});
  for (const name of runInContext("Object.getOwnPropertyNames(globalThis)", context) as string[]) {
    if (!ecmaScript.has(name)) runInContext(`delete globalThis[${JSON.stringify(name)}]`, context);
  }
  runInContext(await bundle, context);
  return { core: runInContext("core", context) as typeof core };
}

/** A signal and a controller of our own making: a bare engine has none. */
class BareSignal {
  aborted = false;
  reason: unknown;
  readonly listeners = new Set<() => void>();
  addEventListener = (_type: string, listener: () => void) => void this.listeners.add(listener);
  removeEventListener = (_type: string, listener: () => void) => void this.listeners.delete(listener);
}

class BareController {
  readonly signal = new BareSignal();
  abort(reason: unknown): void {
    this.signal.aborted = true;
    this.signal.reason = reason;
    for (const listener of this.signal.listeners) listener();
  }
}

/** The least that an adapter must have (RT-2): no option of the contract. */
function leastAdapter() {
  const due: { at: number; callback: () => void }[] = [];
  const reported: unknown[] = [];
  let clock = 0;
  const adapter: RuntimeAdapter<(typeof due)[number]> = {
    name: "least",
    now: () => clock,
    setTimer(callback, ms) {
      const timer = { at: clock + ms, callback };
      due.push(timer);
      return timer;
    },
    clearTimer: (timer) => void due.splice(due.indexOf(timer) >>> 0, 1),
    createAbortController: () => new BareController() as unknown as AbortController,
    reportError: (error) => void reported.push(error),
    reportWarning: (text) => void reported.push(text),
  };
  const run = async <T>(promise: PromiseLike<T>): Promise<T> => {
    let isOver = false;
    const over = () => void (isOver = true);
    promise.then(over, over);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return promise;
      const next = due.sort((a, b) => a.at - b.at).shift();
      if (next === undefined) throw new Error("deadlock");
      clock = next.at;
      next.callback();
    }
  };
  return { adapter, run, reported, timers: () => due.length };
}

/** A program that uses most of the surface. */
async function program(
  { core: lib }: { core: typeof core },
  { adapter, run, reported, timers }: ReturnType<typeof leastAdapter>,
) {
  const runtime = lib.defineRuntime(adapter);
  const taskGroup = lib.bindTaskGroup(runtime);
  const failAfter = lib.bindFailAfter(runtime);
  const boom = new Error("boom");
  const outcome = await run(
    taskGroup({ name: "g", grace: 5 }, async (group) => {
      group.createTask(async (task) => {
        expect(task.signal.aborted).toBe(false);
        await task.sleep(1000).catch(() => {});
        await task.shield(({ sleep }) => sleep(20));
      });
      group.defer(() => {});
      await failAfter(5, ({ sleep }) => sleep(100)).catch((error: Error) => expect(error.name).toBe("TimeoutError"));
      expect(lib.bindFormatTaskTree(runtime)()).toContain("g (group");
      throw boom;
    }).then(
      () => "no error",
      (error: core.ExceptionGroup) => [error.message, error.errors[0] === boom, lib.formatException(error).length > 0],
    ),
  );
  expect(outcome).toEqual(['unhandled errors in TaskGroup "g" (1 sub-exception)', true, true]);
  expect(reported).toEqual([expect.stringContaining("still running 5 ms")]);
  expect(timers()).toBe(0);
}

describe("RT-1 a core that needs nothing", () => {
  it("RT-1 runs in a bare ECMAScript engine, with an adapter handed in", async () => {
    await program(await bareContext(), leastAdapter());
    expect.assertions(6);
  });

  it("RT-1 names no platform global, not even where it is never reached: every free name is ECMAScript's", () => {
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: [],
      strict: true,
    };
    const compiled = ts.createProgram([new URL("index.ts", src).pathname], options);
    const unknown = ts
      .getPreEmitDiagnostics(compiled)
      .filter(({ code }) => [2304, 2552, 2580, 2584, 2591, 2503].includes(code))
      .map(({ messageText }) => /'(\w+)'/.exec(ts.flattenDiagnosticMessageText(messageText, " "))?.[1]);
    // Types, which vanish: the least of the web's that every runtime has.
    expect(new Set(unknown)).toEqual(new Set(["AbortController", "AbortSignal"]));
  }, 60_000);

  it("RT-1 has no dependency: every import is a file of its own", () => {
    const imported = sources.flatMap(({ text }) =>
      [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, path]) => path),
    );
    expect(imported.length).toBeGreaterThan(sources.length);
    expect(imported.filter((path) => !path?.startsWith("./"))).toEqual([]);
    const manifest = JSON.parse(readFileSync(new URL("../package.json", src), "utf8")) as object;
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("peerDependencies");
  });

  it("RT-1 does nothing at import, and nothing when a runtime is defined and bound", () => {
    const forbidden = new Proxy({} as RuntimeAdapter, {
      get(_target, key) {
        throw new Error(`the adapter was asked for ${String(key)}`);
      },
    });
    const runtime = core.defineRuntime(forbidden);
    const binds = Object.entries(core).filter(([name]) => name.startsWith("bind"));
    expect(binds.length).toBeGreaterThan(10);
    for (const [, bind] of binds) expect(typeof (bind as (given: typeof runtime) => unknown)(runtime)).toBe("function");
  });

  it.each(["AbortSignal.any", "AbortSignal.timeout", "Promise.race", "globalThis"])(
    "RT-1 %s is nowhere in it",
    (name) => {
      const users = sources.filter(({ text }) => text.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, "").includes(name));
      expect(users.map((file) => file.name)).toEqual([]);
    },
  );
});

describe("RT-2 the adapter", () => {
  it("RT-2 a clock with timers, an AbortController factory and a reporter are enough; everything else is derived", async () => {
    await program({ core }, leastAdapter());
    expect.assertions(6);
  });

  it("RT-2 the adapter is asked for what it is, at call time", async () => {
    const { adapter, run } = leastAdapter();
    const runtime = core.defineRuntime(adapter);
    const sleep = core.bindSleep(runtime);
    let asked = 0;
    const setTimer = adapter.setTimer.bind(adapter);
    adapter.setTimer = (callback, ms) => (asked++, setTimer(callback, ms));
    await run(sleep(5));
    expect([runtime.name, asked]).toEqual(["least", 1]);
  });

  it("RT-2 says what counts as an abort error", async () => {
    const copy = new Error("a copy of the reason");
    const { run, taskGroup } = virtualRuntime({ isCancellation: (error) => error === copy });
    expect(await run(() => taskGroup((group) => (group.cancel(), Promise.reject(copy))))).toBeUndefined();
    expect(await run(() => errorOf(taskGroup(() => Promise.reject(copy))))).toMatchObject({ errors: [copy] });
  });

  it("RT-2 reports what can come out of no block any more, with the task", async () => {
    const { run, taskGroup, reports } = virtualRuntime();
    const boom = new Error("boom");
    await run(() =>
      taskGroup((group) => {
        group.onCancel(() => {
          throw boom;
        });
        group.cancel();
      }),
    );
    expect(reports).toEqual([
      { error: boom, tasks: [expect.objectContaining({ name: expect.any(String) as string })] },
    ]);
  });

  it("RT-2 grace timers don't keep the process alive, sleeps and deadlines do", async () => {
    const kept: [ms: number, unref: boolean][] = [];
    const { adapter, run } = leastAdapter();
    const setTimer = adapter.setTimer.bind(adapter);
    const entries = new Map<unknown, [number, boolean]>();
    adapter.setTimer = (callback, ms) => {
      const timer = setTimer(callback, ms);
      const entry: [number, boolean] = [ms, false];
      entries.set(timer, entry);
      kept.push(entry);
      return timer;
    };
    adapter.unrefTimer = (timer) => void ((entries.get(timer) as [number, boolean])[1] = true);
    const failAfter = core.bindFailAfter(core.defineRuntime(adapter));
    await run(failAfter(7, (scope) => scope.sleep(3)));
    await run(failAfter(8, (scope) => scope.shield(({ sleep }) => sleep(20)), { grace: 11 }));
    expect(kept).toEqual([
      [7, false],
      [3, false],
      [8, false],
      [20, false],
      [11, true],
      [11, true], // looks again for who has become a straggler since
    ]);
  });
});
