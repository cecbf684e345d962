import { main } from "@cohort/node";
import { startGateway } from "./gateway.ts";
import { jsonOutput, textOutput } from "./output.ts";
import { shopReply } from "./shop.ts";
import { serveUpstreams, variablesFor } from "./upstreams.ts";

/** Runs the gateway and its upstreams until a signal comes, or nobody reads the output any more. */
export async function run({ port, json }: { readonly port: number; readonly json: boolean }): Promise<void> {
  const output = (json ? jsonOutput : textOutput)((text) => process.stdout.write(text));
  await main(async (group) => {
    const stop = (): void => group.cancel("nobody reads the output any more");
    process.stdout.once("error", stop);
    group.defer(() => process.stdout.off("error", stop));
    const upstreams = group.use(await serveUpstreams(shopReply, (exchange) => output.exchange(exchange)));
    const gateway = group.use(
      await startGateway({
        port,
        variables: variablesFor(upstreams),
        onLog: (text) => process.stderr.write(text),
      }),
    );
    output.ready(gateway.url, Object.fromEntries(Object.entries(upstreams).map(([name, { url }]) => [name, url])));
    // Nothing else to do until the signal comes.
    await group.abortable(new Promise(() => {}));
  });
}
