import type { virtualRuntime } from "../virtual-runtime.ts";

/** A source that gives numbers, and what is asked of it. */
export function recordedSource(
  { sleep }: Pick<ReturnType<typeof virtualRuntime>, "sleep">,
  { isAsync, ms = 0, length = Infinity }: { isAsync: boolean; ms?: number; length?: number },
) {
  const log: string[] = [];
  let n = 0;
  const item = () => {
    log.push("answered");
    return n < length ? { value: n++, done: false } : { value: undefined, done: true };
  };
  const iterator = {
    next() {
      log.push("asked");
      return isAsync ? sleep(ms).then(item) : item();
    },
    return() {
      log.push("return");
      const closed = () => (log.push("closed"), { value: undefined, done: true });
      return isAsync ? sleep(5).then(closed) : closed();
    },
  };
  return {
    source: { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator } as unknown as Iterable<number>,
    log,
    /** What became of it in the end. */
    closings: () => log.filter((entry) => entry !== "asked" && entry !== "answered"),
  };
}

export const KINDS = [
  ["a sync source", false],
  ["an async source", true],
] as const;
