import { bindOpenWork, type OpenWork } from "@cohort/universal/open-work";

/** The watch over the end of the process (DX-4). */
export const openWork: OpenWork = /* @__PURE__ */ bindOpenWork({
  onceIdle(callback) {
    process.once("beforeExit", callback);
    return () => process.off("beforeExit", callback);
  },
  write: (text) => process.stderr.write(text),
});
