import type { Surface } from "../surface.ts";
import { ProgramError } from "./program-error.ts";

/** Thrown by a `throw` step. Its name and message are printed; of any other error only the name. */
export class ThrownError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The error of a `throw` step's text: `Boom(x)`. */
export function errorOf(text: string, api: Surface): Error {
  const [, name = "", message = ""] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  if (name === "KeyboardInterrupt") return new api.KeyboardInterrupt();
  if (name === "SystemExit") return new api.SystemExit();
  if (name === "") throw new ProgramError(`${JSON.stringify(text)} is no error: it should look like Boom(x)`);
  return new ThrownError(name, message);
}
