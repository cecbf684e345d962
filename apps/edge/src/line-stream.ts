import type { Scope, TaskGroup } from "@cohort/workers";

/**
 * The body of a response that a member of the group writes, line by line. The group ends only when the lines have: also
 * where the client leaves, and the member is cancelled. A slow client holds the lines back.
 */
export function lineStream(
  group: TaskGroup,
  lines: (scope: Scope) => AsyncIterable<string>,
  name: string,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const encoder = new TextEncoder();
  group.createTask(
    async (task) => {
      const writer = writable.getWriter();
      try {
        for await (const line of lines(task)) await task.abortable(writer.write(encoder.encode(line)));
        await task.abortable(writer.close());
      } catch (error) {
        // The reader has to see that these aren't all lines; it may be that there is none any more.
        writer.abort(error).catch(() => {});
        throw error;
      }
    },
    { name },
  );
  return readable;
}
