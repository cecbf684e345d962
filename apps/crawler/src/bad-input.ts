/** Something the user typed, or a file they named, can't be used: one line says so and the exit code is 2. */
export class BadInput extends Error {
  override readonly name = "BadInput";
}
