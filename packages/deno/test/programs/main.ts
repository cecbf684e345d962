import { AsyncEvent, KeyboardInterrupt, main, sleep, SystemExit, type TaskScope } from "@cohort/deno";
import { choose } from "./choose.ts";
import { host } from "./host.ts";

/** Waits for its cancellation, and then takes some turns to clean up. */
async function tidy({ name, sleep: nap }: TaskScope): Promise<void> {
  try {
    await nap(2 ** 31);
  } finally {
    console.log(`${name}: cleaning up`);
    await sleep(20);
    console.log(`${name}: cleaned up`);
  }
}

/** Ignores its cancellation. */
function deaf({ name, onCancel }: TaskScope): Promise<void> {
  onCancel(() => console.log(`${name}: heard and ignored`));
  return new Promise<void>(() => setInterval(() => {}, 1000));
}

const until = (...signals: string[]): Promise<number> =>
  main(
    (group) => {
      group.createTask(tidy, { name: "server" });
      console.log("ready");
    },
    signals.length > 0 ? { signals: signals as "SIGHUP"[] } : {},
  );

const given = choose<Promise<number>>({
  ends: () =>
    main(async (group) => {
      const task = group.createTask(() => "value");
      console.log(await task, group.name);
    }),
  "sets a code": () => main(() => host.setExitCode(9)),
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
  "member interrupts": () => main((group) => void group.createTask(() => Promise.reject(new KeyboardInterrupt()))),
  "until a signal": until,
  "fails in the drain": () =>
    main((group) => {
      group.createTask(
        async ({ sleep: nap }) => {
          await nap(2 ** 31).catch(() => {});
          throw new RangeError("rollback failed");
        },
        { name: "database" },
      );
      console.log("ready");
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
        const signalled = new AsyncEvent();
        host.onSignal("SIGTERM", () => signalled.set());
        group.createTask(async (task) => {
          await Promise.race([signalled.wait(null), task.sleep(2 ** 31)]);
          console.log(`finished, cancelled: ${task.isCancelled()}`);
          group.cancel();
        });
        console.log("ready");
      },
      { cancelAfter: 2 ** 30 },
    ),
  "outlives cancelAfter": () =>
    main(
      (group) => {
        let at = performance.now();
        host.onSignal("SIGTERM", () => (at = performance.now()));
        group.onCancel(() => console.log(`cancelled in time: ${performance.now() - at >= 199}`));
        group.createTask(tidy, { name: "server" });
        console.log("ready");
      },
      { cancelAfter: 200 },
    ),
  listeners: async () => {
    const report = (when: string): void => console.log(`${when}: ${host.listeners()}`);
    report("before");
    await main(() => report("during"));
    report("after");
    await main(() => Promise.reject(new Error("expected")));
    report("after a failure");
    await main(() => Promise.reject(new SystemExit(0)), { signals: ["SIGHUP"], cancelAfter: 5 });
    report("after an exit");
    host.setExitCode(0);
    return 0;
  },
  "after the end": async () => {
    const code = await main(() => "done");
    // The default is back: a signal ends the process.
    setInterval(() => {}, 1000);
    return code;
  },
  stuck: () =>
    main((group) => {
      group.createTask(() => new Promise<void>((resolve) => host.onSignal("SIGUSR2", resolve)), {
        name: "stuck-until-woken",
      });
      group.createTask(() => "done", { name: "finished-long-ago" });
    }).finally(() => setTimeout(() => host.exit(0), 1)), // its own listener of the signal may hold the process
});
// Not awaited by the module: the end of the event loop is to be seen.
void given.then((code) => console.log(`code ${code}, exitCode ${host.exitCode()}`));
