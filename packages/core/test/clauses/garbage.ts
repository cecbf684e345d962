import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Does anything but this reference keep the object alive? Collects garbage until the object goes, some turns long. */
export async function isCollected(ref: WeakRef<object>): Promise<boolean> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let n = 0; n < 20; n++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    collect();
    if (ref.deref() === undefined) return true;
  }
  return false;
}
