import { DriverError } from "../driver/remote-driver.ts";
import { RefusedError } from "../refused-error.ts";
import { BadUsage } from "./bad-usage.ts";

/** What is said of what was typed, or of an implementation, is for whoever typed it; everything else is a bug. */
export async function usable<T>(start: () => Promise<T> | T): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof RefusedError || error instanceof DriverError)
      throw new BadUsage(error.message.replaceAll(/\s*\n\s*/g, " "), { cause: error });
    throw error;
  }
}
