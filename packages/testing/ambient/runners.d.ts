/** The test runners of other hosts, in the least form that their bindings need. For the build only. */

interface DeclareTest {
  (name: string, body: () => Promise<void>): unknown;
}

declare module "bun:test" {
  export const test: DeclareTest & { readonly only: DeclareTest; readonly skip: DeclareTest };
}

declare module "node:test" {
  const test: DeclareTest & { readonly only: DeclareTest; readonly skip: DeclareTest };
  export default test;
}

declare namespace Deno {
  const test: DeclareTest & { readonly only: DeclareTest; readonly skip: DeclareTest };
}
