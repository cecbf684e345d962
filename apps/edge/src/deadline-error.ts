import type { PartName } from "./part.ts";

/** The deadline of a whole answer passed while parts were still waited for that it can't do without. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly code = "EDGE_DEADLINE";
  readonly parts: readonly PartName[];

  constructor(ms: number, parts: readonly PartName[], options?: ErrorOptions) {
    super(`no answer within ${ms} ms: ${parts.join(", ")} still missing`, options);
    this.parts = parts;
  }
}
