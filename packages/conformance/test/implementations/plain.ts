import type { ConformanceTarget } from "../../src/target.ts";

/** An implementation of a few lines that keeps little of the specification; `wrong` makes it do what the command must stand. */
export function plain(change: Partial<ConformanceTarget["api"]> = {}): ConformanceTarget {
  return { name: "plain", version: "1.2.3", api: { taskGroup, ...change } };
}

async function taskGroup(...args: unknown[]): Promise<unknown> {
  const body = args.pop() as (group: object) => unknown;
  const members: Promise<unknown>[] = [];
  const { signal } = new AbortController();
  const createTask = (fn: (scope: object) => unknown): Promise<unknown> => {
    const member = Promise.resolve().then(() => fn({ signal }));
    members.push(member);
    return member;
  };
  const value = await body({ signal, createTask });
  await Promise.all(members);
  return value;
}
