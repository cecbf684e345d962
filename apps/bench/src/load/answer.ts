import type { TaskGroup } from "@cohort/node";
import type { Tally } from "./tally.ts";
import { WantedFailure } from "./wanted-failure.ts";

/** What a handler answers with, before a server makes a response of it. */
export type Reply = string | ReadableStream<Uint8Array>;

const CHUNKS = 20;
const CHUNK = new TextEncoder().encode("x".repeat(512));

/** What is asked for, and what is done for it in the request's group. */
const PATHS = {
  /** Two members, and an answer of what they gave. */
  "/gather": async (group) => {
    const parts = await group.gather([async ({ sleep }) => sleep(1), async ({ sleep }) => sleep(2)]);
    return `${parts.length} parts`;
  },
  /** The answer goes out while a member is still at work. */
  "/later": (group) => {
    group.createTask(({ sleep }) => sleep(5), { name: "later" });
    return "at once";
  },
  /** Comes in chunks, a ms after each other. */
  "/stream": (group) => streamOf(group),
  /** A member fails. */
  "/fail": async (group, tally) => {
    const failing = group.createTask(
      async ({ sleep }) => {
        await sleep(1);
        tally.thrown++;
        throw new WantedFailure("wanted");
      },
      { name: "failing" },
    );
    await failing;
    return "never";
  },
  /** Never answers: whoever asks for this goes away. */
  "/never": async (group) => {
    await group.createTask(({ sleep }) => sleep(3_600_000), { name: "never" });
    return "never";
  },
} satisfies Readonly<Record<string, (group: TaskGroup, tally: Tally) => Reply | Promise<Reply>>>;

export type Path = keyof typeof PATHS;

/** The body of a handler. */
export async function answer(path: string, group: TaskGroup, tally: Tally): Promise<Reply> {
  tally.enter(group);
  if (!isPath(path)) throw new Error(`nothing at ${path}`);
  return PATHS[path](group, tally);
}

function isPath(path: string): path is Path {
  return Object.hasOwn(PATHS, path);
}

function streamOf(group: TaskGroup): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      await group.sleep(1);
      controller.enqueue(CHUNK);
      if (++sent === CHUNKS) controller.close();
    },
  });
}
