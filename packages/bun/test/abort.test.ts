import { describe, expect, it } from "vitest";
import { lacksBun, run } from "./child.ts";

describe.skipIf(lacksBun !== "")("RT-6 what Bun rejects with when a signal is aborted", () => {
  it("RT-6 counts as the cancellation by core's own rule: the reason itself, or an AbortError", async () => {
    const { code, stdout, stderr } = await run("aborts");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatchInlineSnapshot(`
      "fetch: the reason, a cancellation: true, cancelled
      the body of a fetch: the reason, a cancellation: true, cancelled
      a stream's pipeTo: the reason, a cancellation: true, cancelled
      timers/promises: AbortError, a cancellation: true, cancelled
      events.once: AbortError, a cancellation: true, cancelled
      "
    `);
  });
});
