import { everyCase } from "./every-case.ts";
import { RefusedError } from "./refused-error.ts";
import type { ConformanceTarget } from "./target.ts";

/** Throws a RefusedError with one clear line if this is no implementation. */
export function checkTarget(target: unknown): asserts target is ConformanceTarget {
  if (typeof target !== "object" || target === null)
    throw new RefusedError(`a conformance target is an object { name, version, api }, not ${typeOf(target)}`);
  const { name, version, api, capabilities } = target as Partial<ConformanceTarget>;
  if (typeof name !== "string" || name === "") throw new RefusedError("a conformance target needs a name");
  if (typeof version !== "string")
    throw new RefusedError(`the conformance target "${name}" needs a version, as a string`);
  if (typeof api?.["taskGroup"] !== "function")
    throw new RefusedError(`the conformance target "${name}" needs a function api.taskGroup`);
  if (capabilities !== undefined) checkCapabilities(name, capabilities);
}

function checkCapabilities(name: string, capabilities: unknown): void {
  if (typeof capabilities !== "object" || capabilities === null)
    throw new RefusedError(`the capabilities of "${name}" are an object, not ${typeOf(capabilities)}`);
  const known = new Set<string>(everyCase.flatMap(({ needs }) => needs));
  for (const [capability, has] of Object.entries(capabilities)) {
    if (!known.has(capability)) throw new RefusedError(`no case needs the capability "${capability}" of "${name}"`);
    if (typeof has !== "boolean" && typeof has !== "string")
      throw new RefusedError(
        `the capability "${capability}" of "${name}" is true, false or the reason why it is missing`,
      );
  }
}

function typeOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
