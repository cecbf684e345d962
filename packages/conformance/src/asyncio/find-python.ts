import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Names under which a Python that has asyncio.TaskGroup may be found; the newest first. */
const NAMES = ["python3.15", "python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"] as const;

const PROBE = "import sys; sys.exit(sys.implementation.name != 'cpython' or sys.version_info < (3, 11))";

/** A Python of the machine that is CPython 3.11 or newer, or undefined. */
export async function findPython(): Promise<string | undefined> {
  for (const name of NAMES) {
    try {
      await promisify(execFile)(name, ["-I", "-c", PROBE], { timeout: 20_000 });
      return name;
    } catch {
      // There is none of that name, or it is too old.
    }
  }
  return undefined;
}
