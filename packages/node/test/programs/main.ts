import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { KeyboardInterrupt, main, SystemExit, type TaskScope } from "@cohort/node";
import { choose } from "./choose.ts";

/** Waits for its cancellation, and then takes some turns to clean up. */
async function tidy({ name, sleep }: TaskScope): Promise<void> {
  try {
    await sleep(2 ** 31);
  } finally {
    console.log(`${name}: cleaning up`);
    await delay(20);
    await readFile(import.meta.filename);
    console.log(`${name}: cleaned up`);
  }
}

/** Ignores its cancellation. */
function deaf({ name, onCancel }: TaskScope): Promise<void> {
  onCancel(() => console.log(`${name}: heard and ignored`));
  return new Promise<void>(() => setInterval(() => {}, 1000));
}

const listened = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2", "beforeExit", "exit", "uncaughtException"] as const;
const listeners = (): string => listened.map((event) => process.listenerCount(event)).join(" ");

const code = await choose<Promise<unknown>>({
  ends: () =>
    main(async (group) => {
      const task = group.createTask(() => "value");
      console.log(await task, group.name);
    }),
  "body throws": () =>
    main((group) => {
      group.createTask(tidy, { name: "neighbour" });
      throw new RangeError("the body's own");
    }),
  "member fails": () =>
    main(async (group) => {
      group.createTask(tidy, { name: "neighbour" });
      await group.taskGroup({ name: "inner" }, (inner) => {
        inner.createTask(() => Promise.reject(new RangeError("no luck")), { name: "culprit" });
      });
    }),
  "throws null": () => main(() => Promise.reject(null)),
  "member exits": (exitCode) =>
    main((group) => {
      group.createTask(tidy, { name: "neighbour" });
      group.createTask(() => {
        throw new SystemExit(Number(exitCode));
      });
    }),
  "body exits": (exitCode) => main(() => Promise.reject(new SystemExit(Number(exitCode)))),
  "member interrupts": () =>
    main((group) => {
      group.createTask(tidy, { name: "neighbour" });
      group.createTask(() => Promise.reject(new KeyboardInterrupt()));
    }),
  "until a signal": (...signals) =>
    main(
      (group) => {
        group.createTask(tidy, { name: "server" });
        console.log("ready");
      },
      signals.length > 0 ? { signals: signals as NodeJS.Signals[] } : {},
    ),
  "no signals": () =>
    main(
      (group) => {
        group.createTask(tidy, { name: "server" });
        console.log("ready");
      },
      { signals: [] },
    ),
  "fails in the drain": () =>
    main((group) => {
      group.createTask(
        async ({ sleep }) => {
          await sleep(2 ** 31).catch(() => {});
          throw new RangeError("rollback failed");
        },
        { name: "database" },
      );
      console.log("ready");
    }),
  "swallows the signal": () =>
    main(async (group) => {
      console.log("ready");
      await group.sleep(2 ** 31).catch((error: unknown) => {
        console.log(error instanceof KeyboardInterrupt, group.isCancellation(error), group.reason === error);
      });
      return "all the same";
    }),
  deaf: () =>
    main((group) => {
      group.defer(() => console.log("never cleaned up"));
      group.createTask(deaf, { name: "legacy" });
      console.log("ready");
    }),
  "ends within cancelAfter": () =>
    main(
      async (group) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        process.prependOnceListener("SIGTERM", () => setImmediate(resolve));
        group.createTask(async ({ isCancelled }) => {
          const alive = setInterval(() => {}, 1000);
          console.log("ready");
          await promise;
          clearInterval(alive);
          console.log(`finished, cancelled: ${isCancelled()}`);
        });
      },
      { cancelAfter: 2 ** 30 },
    ),
  "outlives cancelAfter": () =>
    main(
      (group) => {
        let at = performance.now();
        process.prependOnceListener("SIGTERM", () => {
          at = performance.now();
          console.log(`at the signal, cancelled: ${group.isCancelled()}`);
          setImmediate(() => console.log(`a turn later, cancelled: ${group.isCancelled()}`));
        });
        group.onCancel(() => console.log(`cancelled in time: ${performance.now() - at >= 199}`));
        group.createTask(tidy, { name: "server" });
        console.log("ready");
      },
      { cancelAfter: 200 },
    ),
  "waits in cancelAfter": () =>
    main(
      (group) => {
        process.prependOnceListener("SIGTERM", () => console.log("first"));
        group.createTask(tidy, { name: "server" });
        console.log("ready");
      },
      { cancelAfter: 2 ** 30 },
    ),
  listeners: async () => {
    const report = (when: string): void => console.log(`${when}: ${listeners()}`);
    report("before");
    await main(() => report("during"));
    report("after");
    await main(() => Promise.reject(new Error("expected")));
    report("after a failure");
    await main(() => Promise.reject(new SystemExit(0)), { signals: ["SIGHUP"], cancelAfter: 5 });
    report("after an exit");
    process.exitCode = 0;
    return "";
  },
  "after the end": async () => {
    const given = await main(() => "done");
    console.log(`given ${given}, left ${process.exitCode}`);
    // The default is back: a signal ends the process.
    setInterval(() => {}, 1000);
    return given;
  },
  stuck: () =>
    main((group) => {
      group.createTask(
        () =>
          new Promise<void>((resolve) => {
            process.once("SIGUSR2", () => resolve());
          }),
        { name: "stuck-until-woken" },
      );
      group.createTask(() => "done", { name: "finished-long-ago" });
    }),
});
console.log(`code ${String(code)}, exitCode ${process.exitCode}`);
