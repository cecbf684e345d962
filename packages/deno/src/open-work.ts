import { bindOpenWork, type OpenWork } from "@cohort/universal/open-work";
import { stderr } from "./stderr.ts";

/** The watch over the end of the process (DX-4). */
export const openWork: OpenWork = /* @__PURE__ */ bindOpenWork({
  onceIdle(callback) {
    const listener = (event: Event): void => {
      // A timer that is set here isn't enough: Deno goes on only if the event says so.
      if (callback()) event.preventDefault();
    };
    addEventListener("beforeunload", listener, { once: true });
    return () => removeEventListener("beforeunload", listener);
  },
  write: stderr,
});
