import { type Capability, HANDLES, METHODS, OPTIONS } from "./capability.ts";
import { whyNotCollected } from "./garbage-collection.ts";
import type { Surface } from "./surface.ts";
import type { ConformanceTarget } from "./target.ts";
import { thrownLine } from "./thrown-text.ts";
import { tellsUnhandled, watchUnhandled } from "./unhandled.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { RefusedError } from "./refused-error.ts";

/** Why a target lacks what a case needs, by capability; what isn't in it is there. */
export type Lacks = (capability: Capability) => string | undefined;

/**
 * Looks what an implementation has: functions and classes by their names, methods on a group and a task that it opens.
 * Options can't be seen, so they are taken to be there unless the target says that they aren't. Rejects with a RefusedError
 * for what can't run the simplest of groups.
 */
export async function lookFor(target: ConformanceTarget): Promise<Lacks> {
  const { api, capabilities = {}, onReport, name } = target;
  const seen = await methodsOf(target);
  const uncollected = await whyNotCollected();
  const options: readonly string[] = OPTIONS;
  return (capability) => {
    const said = capabilities[capability];
    if (typeof said === "string") return said;
    if (said === false) return `${name} has no ${capability}`;
    if (said === true || options.includes(capability)) return undefined;
    switch (capability) {
      case "reports":
        return onReport === undefined ? "the target has no onReport()" : undefined;
      case "unhandled rejections":
        return tellsUnhandled() ? undefined : "the host doesn't tell of unhandled rejections";
      case "garbage collection":
        return uncollected;
      case "async dispose":
        return typeof Symbol.asyncDispose === "symbol" ? undefined : "the host has no Symbol.asyncDispose";
      case "async context":
        return api["currentTask"] === undefined ? `${name} has no currentTask` : undefined;
      case "uncaught errors":
      case "failures":
        return undefined;
      default:
        if (capability.includes(".")) return seen.has(capability) ? undefined : `${name} has no ${capability}`;
        return api[capability] === undefined ? `${name} has no ${capability}` : undefined;
    }
  };
}

/** The methods that a group, its scope and a member's handle have. Rejects with a RefusedError if there can't be any of them. */
async function methodsOf({ api, name }: ConformanceTarget): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const look = (kind: string, at: object, names: readonly string[]): void => {
    for (const name of names) if (name.startsWith(`${kind}.`) && name.slice(kind.length + 1) in at) seen.add(name);
  };
  const { taskGroup } = api as unknown as Surface;
  // What it leaves unhandled is for ER-6 to say, and mustn't end the process before that.
  const stop = watchUnhandled(() => undefined);
  try {
    // One that never comes to an end is noticed under virtual time.
    await new VirtualClock().run(() =>
      taskGroup((group) => {
        look("group", group, METHODS);
        look("scope", group, METHODS);
        // An implementation may give no handle at all.
        look("task", Object(group.createTask(() => {})) as object, HANDLES);
      }),
    );
    await new Promise((resolve) => void setTimeout(resolve, 0));
  } catch (error) {
    const why = thrownLine(error);
    throw new RefusedError(`${name} can't run a group with one member that does nothing: ${why}`, { cause: error });
  } finally {
    stop();
  }
  return seen;
}
