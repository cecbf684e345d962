import * as library from "@cohort/browser";
import { InvalidProgram } from "./invalid-program.ts";
import { linkProgram } from "./link-program.ts";

/** What a program exports by default: it gets the task group that is the program. */
export type Main = (group: library.TaskGroup) => unknown;

/** Gives a module's text a URL that it can be imported from, until it is given back. */
export type PublishModule = (text: string) => { readonly url: string; revoke(): void };

/** Where the program's module finds the library that this module has. */
const SHARED = Symbol.for("@cohort-app/playground library");

/**
 * Turns a program's text into its function. Throws an InvalidProgram for what can't be run, and whatever the module's own
 * top level throws.
 */
export async function loadProgram(source: string, publish: PublishModule = publishBlob): Promise<Main> {
  const names = Object.keys(library);
  (globalThis as { [SHARED]?: typeof library })[SHARED] = library;
  // The program must use this very copy of the library: the one that is recorded, and whose clock may be virtual.
  const shared = publish(
    `const library = globalThis[Symbol.for(${JSON.stringify(SHARED.description)})];\n` +
      `export const { ${names.join(", ")} } = library;\n`,
  );
  try {
    const program = publish(linkProgram(source, shared.url, new Set(names)));
    try {
      const { default: main } = (await import(/* @vite-ignore */ program.url)) as { readonly default: unknown };
      if (typeof main !== "function") {
        throw new InvalidProgram(`a program exports a function by default, not ${typeof main}`);
      }
      return main as Main;
    } finally {
      program.revoke();
    }
  } finally {
    shared.revoke();
  }
}

function publishBlob(text: string): ReturnType<PublishModule> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return { url, revoke: () => URL.revokeObjectURL(url) };
}
