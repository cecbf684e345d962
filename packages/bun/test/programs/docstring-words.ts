/** What the examples in docstrings speak of without saying what it is. */
export const answer = (): Response => Response.json({ user: "Ann", orders: [1, 2] });
export const loadUser = async (): Promise<string> => "Ann";
export const loadOrders = async (): Promise<readonly number[]> => [1, 2];

let served: (server: Bun.Server<undefined>) => void = () => {};

/** Bun, but that every server is on a free port of the loopback interface, and known to `askedIn`. */
export const host: typeof Bun = Object.create(Bun, {
  serve: {
    value(options: Bun.Serve.Options<undefined>): Bun.Server<undefined> {
      const server = Bun.serve({ ...options, hostname: "127.0.0.1", port: 0 } as Bun.Serve.Options<undefined>);
      served(server);
      return server;
    },
  },
}) as typeof Bun;

/** What the server of an example answers. An example that goes on meanwhile is interrupted then. */
export async function askedIn(example: () => Promise<void>): Promise<string> {
  const ready = new Promise<Bun.Server<undefined>>((resolve) => (served = resolve));
  let isOver = false;
  const running = example().then(() => (isOver = true));
  const server = await Promise.race([ready, running.then(() => ready)]);
  const text = await (await fetch(server.url)).text();
  if (isOver) {
    await server.stop(true);
  } else {
    process.kill(process.pid, "SIGINT");
    await running;
    if (process.exitCode !== 130) throw new Error(`it ended with ${process.exitCode}`);
    process.exitCode = 0;
  }
  return text;
}
