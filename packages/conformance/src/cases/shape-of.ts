/** A group of errors as nested lists: its message, then its members. What is no group stands for itself. */
export function shapeOf(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  return [error.message, ...error.errors.map(shapeOf)];
}
