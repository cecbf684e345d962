// Node lists the internal modules it has loaded. The one behind AsyncLocalStorage is loaded when somebody first touches
// the class, on Node 22 and later; before that no context can exist. Where the list is missing, or too old to tell, assume
// that there is one: what it costs is a promise per member, what it saves is spans of one request in the log of another.
const modules = (process as { readonly moduleLoadList?: readonly string[] }).moduleLoadList;
const canTell = /* @__PURE__ */ Number.parseInt(process.versions.node, 10) >= 22 && modules !== undefined;
let looked = 0;
let found = !canTell;

/** Can there be an AsyncLocalStorage whose value differs from one call to the next (ME-14)? Once true, always true. */
export function mayHaveContext(): boolean {
  if (!found && modules !== undefined) {
    for (; looked < modules.length; looked++) {
      if (modules[looked]?.includes("async_local_storage")) found = true;
    }
  }
  return found;
}
