/** A program that can't be run as it stands. Its message is one line, for whoever wrote it. */
export class InvalidProgram extends Error {
  override readonly name = "InvalidProgram";
  readonly code = "PLAYGROUND_INVALID_PROGRAM";
  /** From 1; undefined where the mistake has no place. */
  readonly line: number | undefined;
  /** From 1. */
  readonly column: number | undefined;

  constructor(message: string, at?: { readonly line: number; readonly column: number }, options?: ErrorOptions) {
    super(message, options);
    this.line = at?.line;
    this.column = at?.column;
  }
}
