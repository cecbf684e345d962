/** The test runners of other hosts, in the least form that their bindings need. For the build only. */

interface DeclareTest {
  (name: string, body: () => unknown): unknown;
}

declare module "bun:test" {
  export const test: DeclareTest & { readonly skip: DeclareTest };
}

declare namespace Deno {
  function test(name: string, body: () => unknown): void;
  function test(definition: { readonly name: string; readonly ignore: boolean; fn(): void }): void;
}
