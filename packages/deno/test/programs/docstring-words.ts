/** What the examples in docstrings speak of without saying what it is. */
export const answer = (): Response => Response.json({ user: "Ann", orders: [1, 2] });
export const loadUser = async (): Promise<string> => "Ann";
export const loadOrders = async (): Promise<readonly number[]> => [1, 2];

let served: (server: Deno.HttpServer<Deno.NetAddr>) => void = () => {};

/** Deno, but that every server is on a free port of the loopback interface, and known to `askedIn`. */
export const host: typeof Deno = Object.create(Deno, {
  serve: {
    value(...args: [Deno.ServeTcpOptions, Deno.ServeHandler] | [Deno.ServeHandler]): Deno.HttpServer<Deno.NetAddr> {
      const [options, handler] = args.length === 1 ? [{}, args[0]] : args;
      const server = Deno.serve({ ...options, hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
      served(server);
      return server;
    },
  },
}) as typeof Deno;

/** What the server of an example answers. An example that goes on meanwhile is interrupted then. */
export async function askedIn(example: () => Promise<void>): Promise<string> {
  const ready = new Promise<Deno.HttpServer<Deno.NetAddr>>((resolve) => (served = resolve));
  let isOver = false;
  const running = example().then(() => (isOver = true));
  const server = await Promise.race([ready, running.then(() => ready)]);
  const text = await (await fetch(`http://127.0.0.1:${server.addr.port}/`)).text();
  if (isOver) {
    await server.shutdown();
  } else {
    Deno.kill(Deno.pid, "SIGINT");
    await running;
    if (Deno.exitCode !== 130) throw new Error(`it ended with ${Deno.exitCode}`);
    Deno.exitCode = 0;
  }
  return text;
}
