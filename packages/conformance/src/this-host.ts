/** A runtime, as a report names it. */
export interface HostInfo {
  readonly name: string;
  readonly version: string;
}

interface Globals {
  readonly Bun?: { readonly version: string };
  readonly Deno?: { readonly version: { readonly deno: string } };
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly navigator?: { readonly userAgent?: string };
}

/** What a browser calls itself in its user agent. Chrome says Safari too, so the order counts. */
const BROWSERS = [
  ["firefox", /Firefox\/(\S+)/],
  ["chromium", /Chrome\/(\S+)/],
  ["webkit", /Version\/(\S+)/],
  ["webkit", /AppleWebKit\/(\S+)/],
] as const;

/** What this runs in. */
export function thisHost(): HostInfo {
  const { Bun, Deno, process, navigator } = globalThis as unknown as Globals;
  const agent = navigator?.userAgent ?? "";
  // Others than Node have a `process` with Node's version in it.
  if (Bun !== undefined) return { name: "bun", version: Bun.version };
  if (Deno !== undefined) return { name: "deno", version: Deno.version.deno };
  // It says no version, and its `process` may be a shim.
  if (agent === "Cloudflare-Workers") return { name: "workerd", version: "" };
  if (process?.versions?.node !== undefined) return { name: "node", version: process.versions.node };
  for (const [name, pattern] of BROWSERS) {
    const [, version] = pattern.exec(agent) ?? [];
    if (version !== undefined) return { name, version };
  }
  return { name: "unknown", version: "" };
}
