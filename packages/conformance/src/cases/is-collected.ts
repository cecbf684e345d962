import type { Trial } from "../trial.ts";

/** A host may need several rounds: what a promise's last reaction holds goes only after it has run. */
const ROUNDS = 10;

/** Whether nothing but this reference keeps the object alive. The host must offer `gc()`. */
export async function isCollected({ clock }: Trial, ref: WeakRef<object> | undefined): Promise<boolean> {
  const { gc } = globalThis as { gc?: () => unknown };
  for (let round = 0; round < ROUNDS; round++) {
    await clock.settle();
    await gc?.();
    if (ref?.deref() === undefined) return true;
  }
  return false;
}
