import { RemoteDriver } from "../driver/remote-driver.ts";
import { driverFiles } from "./driver-files.ts";

/**
 * Starts the asyncio driver on a Python of the machine.
 *
 * @param python its path or name; it must be CPython 3.11 or newer.
 * @throws DriverError if there is no such Python, or it is too old.
 */
export async function startCPython(python: string): Promise<RemoteDriver> {
  // Isolated: what the user's environment adds to Python's path is nobody's business here.
  return await RemoteDriver.start(python, { args: ["-I", driverFiles()] });
}
