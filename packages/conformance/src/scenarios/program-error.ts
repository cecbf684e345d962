/** A program that says nothing an interpreter could do: the program's mistake, not an implementation's. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}
