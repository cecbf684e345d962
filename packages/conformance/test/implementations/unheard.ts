import { caseOf } from "../../src/case.ts";
import type { BindingOptions } from "../../src/bindings/tests-of.ts";

/** Cases that make errors which nobody handles. */
export const options: BindingOptions = {
  cases: [
    caseOf("LC-1", "rejects", "leaves a rejection", { needs: ["unhandled rejections"] }, async (trial) => {
      void Promise.reject(new Error("nobody's"));
      await trial.takeUnhandled();
    }),
    caseOf("LC-1", "throws", "throws in a listener", { needs: ["uncaught errors"] }, () => {
      const controller = new AbortController();
      controller.signal.addEventListener("abort", () => {
        throw new Error("nobody's");
      });
      controller.abort();
    }),
  ],
};
