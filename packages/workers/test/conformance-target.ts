import type { ConformanceTarget } from "@cohort/conformance";
import * as api from "@cohort/workers";
import packageJson from "../package.json" with { type: "json" };

const { navigator: host } = globalThis as { readonly navigator?: { readonly userAgent: string } };
const isWorkerd = host?.userAgent === "Cloudflare-Workers";

/** At dates of 2026 and before, workerd lets a listener's error out of abort(), and tells no other listener. */
function hostLacks(): Record<string, string> {
  if (!isWorkerd) return { background: "the host has no request that could be kept alive" };
  const global = globalThis as unknown as EventTarget;
  const quiet = (event: Event): void => event.preventDefault();
  const controller = api.adapter.createAbortController();
  const { signal } = controller;
  let isTold = false;
  signal.addEventListener("abort", () => {
    throw new Error("probe");
  });
  signal.addEventListener("abort", () => void (isTold = true));
  const before = { ...api.adapter };
  global.addEventListener("error", quiet);
  api.adapter.reportError = () => {};
  controller.abort();
  Object.assign(api.adapter, before);
  global.removeEventListener("error", quiet);
  return isTold ? {} : { "uncaught errors": "a listener that throws keeps the host from telling the others" };
}

export default {
  name: packageJson.name,
  version: packageJson.version,
  api,
  capabilities: {
    "async context": "it is a Worker's own choice, by @cohort/workers/task-context",
    ...hostLacks(),
  },
  onReport(listener) {
    // The adapter itself, not a runtime in its place: what goes on after a response is reported by the package's own code.
    const before = { ...api.adapter };
    api.adapter.reportError = (error) => listener({ error });
    api.adapter.reportWarning = (warning) => listener({ warning });
    return () => void Object.assign(api.adapter, before);
  },
} satisfies ConformanceTarget;
