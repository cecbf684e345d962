import type { Place } from "./block.ts";
import type { CancelScope } from "./cancel-scope.ts";
import type { RuntimeState } from "./runtime.ts";
import type { Cancellable, Scope } from "./scope.ts";
import { recordOf } from "./scope-handle.ts";

/** The place of what is opened on a scope. */
export function under(parent: CancelScope): Place {
  return { runtime: parent.runtime, parent, signals: [] };
}

/** The place that the options of a call from outside any scope name: under their parent, or under nobody. */
export function placeOf(runtime: RuntimeState, { parent }: Cancellable = {}): Place {
  const record = parent === undefined || parent === null ? runtime.root : recordOf(parent);
  if (record !== undefined) return { runtime, parent: record, signals: [] };
  return { runtime, parent: runtime.root, signals: [(parent as Scope).signal] };
}

/** The place with the signal of the options, which cancels from outside as well. */
export function listening(place: Place, { signal }: { readonly signal?: AbortSignal | null | undefined }): Place {
  return signal ? { ...place, signals: [...place.signals, signal] } : place;
}
