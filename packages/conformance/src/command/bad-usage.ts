/** Something that the user typed, or a file that they named, can't be used: one line says so and the exit code is 2. */
export class BadUsage extends Error {
  override readonly name = "BadUsage";
}
