import { now, type TaskGroup } from "@cohort/node";
import type { Stats } from "./counts.ts";
import type { HostRuntime } from "./host-runtime.ts";
import { isCutShort, leave } from "./leavers.ts";
import { startServer, type ServerProcess } from "./server-process.ts";
import { type Answers, stay } from "./stayers.ts";

export interface LoadOptions {
  readonly requests: number;
  readonly rounds: number;
  readonly connections: number;
}

/** The server, looked at when nothing is being asked of it. */
export interface Point extends Stats {
  /** Requests sent until then. */
  readonly sent: number;
}

/** What came of a server under load. */
export interface LoadResult {
  readonly runtime: string;
  readonly version: string;
  readonly sent: number;
  /** Of them, clients that went away. */
  readonly left: number;
  /** Of them, those whose answer can't have been at its end. */
  readonly cutShort: number;
  readonly answers: Answers;
  readonly seconds: number;
  readonly points: readonly Point[];
  readonly exitCode: number | null;
  readonly complaints: string;
}

/** One in so many clients goes away. */
const LEAVES = 10;
/** So many are on their way out at once. */
const LEAVERS_AT_ONCE = 20;
/** Ms for a server that isn't asked for anything any more to have no handler open. */
const SETTLE_MS = 15_000;
const LOOK_AGAIN_MS = 50;

/** Starts a server, loads it in rounds, looks at it after each, and stops it as its supervisor would. */
export async function load(
  runtime: HostRuntime,
  { requests, rounds, connections }: LoadOptions,
  group: TaskGroup,
  onPoint: (point: Point) => void = () => undefined,
): Promise<LoadResult> {
  const server = await startServer(runtime, group);
  const start = performance.now();
  const answers = { fine: 0, failed: 0, wrong: 0 };
  const points: Point[] = [];
  let left = 0;
  let cutShort = 0;
  let sent = 0;
  for (let round = 1; round <= rounds; round++) {
    const share = Math.floor((requests * round) / rounds) - sent;
    const leaving = Math.floor(share / LEAVES);
    const first = left;
    const numbers = Array.from({ length: leaving }, (_, n) => first + n);
    await group.taskGroup({ name: `round ${round}` }, async (clients) => {
      const stayers = clients.createTask((task) => stay(share - leaving, connections, server.port, task), {
        name: "stayers",
      });
      clients.createTask(
        (task) => task.map(numbers, (n, client) => leave(n, server.port, client), { limit: LEAVERS_AT_ONCE }).toArray(),
        { name: "leavers" },
      );
      const { fine, failed, wrong } = await stayers;
      answers.fine += fine;
      answers.failed += failed;
      answers.wrong += wrong;
    });
    sent += share;
    left += leaving;
    cutShort += numbers.filter(isCutShort).length;
    const point = { sent, ...(await settled(server, group)) };
    points.push(point);
    onPoint(point);
  }
  const seconds = (performance.now() - start) / 1000;
  const { code, complaints } = await server.stop();
  const { name, version } = runtime;
  return { runtime: name, version, sent, left, cutShort, answers, seconds, points, exitCode: code, complaints };
}

/** What the server says once no handler is open; or what it says last, if that never comes. */
async function settled(server: ServerProcess, group: TaskGroup): Promise<Stats> {
  const deadline = now() + SETTLE_MS;
  for (;;) {
    const stats = await server.stats(group.signal);
    if ((stats.open === 0 && stats.started === stats.ended) || now() > deadline) return stats;
    await group.sleep(LOOK_AGAIN_MS);
  }
}
