import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { type Gateway, startGateway } from "../../dev/gateway.ts";
import { shopReply, type UpstreamRole } from "../../dev/shop.ts";
import type { Exchange, Reply } from "../../dev/upstream.ts";
import { serveUpstreams, type Upstreams, variablesFor } from "../../dev/upstreams.ts";
import type { Env } from "../../src/settings.ts";

const roles: readonly UpstreamRole[] = ["catalog", "prices-eu", "prices-us", "stock", "reviews", "audit"];

/** The gateway in workerd with its upstreams, for the tests of one file. */
export interface ShopUnderTest {
  readonly upstreams: Upstreams;
  /** What the Worker and its runtime have printed during this test. */
  readonly log: string;
  /** The most subrequests open at once during this test, the audit log's aside. */
  readonly mostOpen: number;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Changes what an upstream does during this test with a path, or with all. */
  reply(role: UpstreamRole, how: Reply | ((path: string) => Reply | Promise<Reply>)): void;
  /** The paths that the upstream was asked for during this test. */
  asked(role: UpstreamRole): string[];
  /** How this test's requests to the upstream ended. */
  ended(role: UpstreamRole): string[];
  /** Resolves when no upstream has a request open; a connection that was cut is noticed a moment later on this side. */
  idle(): Promise<void>;
  /** Resolves when the audit log has got so many entries during this test; gives them. */
  audited(n: number): Promise<Record<string, unknown>[]>;
  /** Resolves when the Worker has printed what matches. */
  logged(pattern: RegExp): Promise<void>;
}

/** Times that say nothing on a busy machine: a test that is about one gives its own in the query. */
const PATIENT: Partial<Env> = { DEADLINE_MS: 20_000, OPTIONAL_MS: 10_000 };

export function shopUnderTest(variables: Partial<Env> = {}): ShopUnderTest {
  vi.setConfig({ testTimeout: 20_000 });
  let upstreams: Upstreams;
  let gateway: Gateway;
  let log = "";
  let mostOpen = 0;
  // Each test's requests have a name of their own, so that what comes late of one test isn't taken for the next one's.
  let tests = 0;
  let ray = "";
  const replies = new Map<UpstreamRole, (path: string) => Reply | Promise<Reply>>();
  const logWatchers = new Set<() => void>();
  const exchangesOf = (role: UpstreamRole): Exchange[] =>
    upstreams[role].exchanges.filter(({ requestId }) => requestId === ray);

  const replyTo = (role: UpstreamRole, path: string): Reply | Promise<Reply> => {
    const open = roles.filter((name) => name !== "audit").map((name) => upstreams[name].open);
    mostOpen = Math.max(
      mostOpen,
      open.reduce((sum, n) => sum + n, 0),
    );
    return (replies.get(role) ?? (() => atOnce(shopReply(role, path))))(path);
  };
  const entries = (): Record<string, unknown>[] =>
    exchangesOf("audit").map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  beforeAll(async () => {
    upstreams = await serveUpstreams(replyTo);
    gateway = await startGateway({
      port: 0,
      variables: { ...variablesFor(upstreams), ...PATIENT, ...variables },
      onLog(text) {
        log += text;
        logWatchers.forEach((watch) => watch());
      },
    });
  }, 30_000);
  beforeEach(() => {
    log = "";
    mostOpen = 0;
    ray = `test-${++tests}`;
  });
  // Also what a failed test left hanging, or the next one would count it.
  afterEach(async () => {
    replies.clear();
    await shop.idle();
  });
  afterAll(async () => {
    await gateway?.[Symbol.asyncDispose]();
    await upstreams?.[Symbol.asyncDispose]();
  });

  const shop: ShopUnderTest = {
    get upstreams() {
      return upstreams;
    },
    get log() {
      return log;
    },
    get mostOpen() {
      return mostOpen;
    },
    // Kept, a connection may be closed by workerd at the very moment that the next request uses it.
    fetch: (path, init) =>
      fetch(new URL(path, gateway.url), { ...init, headers: { "cf-ray": ray, connection: "close" } }),
    reply: (role, how) => void replies.set(role, typeof how === "function" ? how : () => how),
    asked: (role) => upstreams[role].asked.filter(({ requestId }) => requestId === ray).map(({ path }) => path),
    ended: (role) => exchangesOf(role).map(({ end }) => end),
    async idle() {
      for (const role of roles) await upstreams[role].until(({ open }) => open === 0);
    },
    async audited(n) {
      await upstreams.audit.until(() => entries().length >= n);
      return entries();
    },
    logged: (pattern) =>
      new Promise((resolve) => {
        const watch = (): void => {
          if (!pattern.test(log)) return;
          logWatchers.delete(watch);
          resolve();
        };
        logWatchers.add(watch);
        watch();
      }),
  };
  return shop;
}

/** The shop's own pace is for people to watch. */
function atOnce(reply: Reply): Reply {
  return typeof reply === "string" ? reply : { ...reply, after: 0 };
}
