import { adapter, handler, Mutex, Semaphore } from "@cohort/workers";

/** At module scope, for all requests, as one writes it with p-limit. */
const database = new Semaphore(2);
const mutex = new Mutex();
let inside = 0;
let most = 0;

export default handler<{ readonly UNHELD?: string }>({
  async fetch(request, { UNHELD }, _ctx, group) {
    // What it would be without the timer that a wait holds.
    if (UNHELD !== undefined) delete adapter.holdWait;
    const { pathname } = new URL(request.url);
    if (pathname === "/most") return Response.json({ most, free: database.available, waiting: database.waiting });
    const { sleep } = group;
    const query = async (): Promise<string> => {
      most = Math.max(most, ++inside);
      await sleep(30);
      inside--;
      return pathname;
    };
    if (pathname === "/mutex") return new Response(await mutex.run(group, query));
    return new Response(await database.run(group, query));
  },
});
