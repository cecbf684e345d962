import { adapter, main } from "@cohort/deno";
import { choose } from "./choose.ts";
import { host } from "./host.ts";

/** Says what main gives for a member that fails, when all that is said of it goes nowhere. */
async function fails(): Promise<void> {
  // More than a pipe takes that nobody reads.
  const code = await main((group) => {
    adapter.reportWarning("a warning");
    adapter.reportError(new Error("x".repeat(2 ** 20)));
    group.createTask(() => Promise.reject(new RangeError("no luck")), { name: "culprit" });
  });
  console.log(`code ${code}, exitCode ${host.exitCode()}`);
}

await choose<Promise<void>>({
  closed: () => {
    Deno.stderr.close();
    return fails();
  },
  "nobody reads": async () => {
    // Its reader is gone when the signal comes.
    await new Promise<void>((resolve) => {
      host.onSignal("SIGUSR2", resolve);
      console.log("ready");
    });
    await fails();
    host.exit(host.exitCode());
  },
});
