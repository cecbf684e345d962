// Serves the built page: `pnpm start`, or `PORT=8080 pnpm start`.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main } from "@cohort/node";
import { openPlaygroundServer } from "./playground-server.ts";

const DEFAULT_PORT = "4173";

await main(async (program) => {
  const files = fileURLToPath(new URL("../../dist", import.meta.url));
  if (!existsSync(files)) throw new Error(`${files} isn't there: build the page first, by "pnpm build"`);
  const port = Number(process.env["PORT"] ?? DEFAULT_PORT);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) throw new Error("PORT must be from 0 to 65535");
  const server = await openPlaygroundServer({ files, port });
  program.defer(() => server.close());
  console.log(`The playground is at ${server.url.href}`);
  // Until SIGINT or SIGTERM.
  await program.sleep(Infinity);
});
