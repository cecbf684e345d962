/** What can't be had here is left out, and said to be: gives what there is as a list of one, or none. */
export async function ifHad<T>(name: string, get: () => Promise<T>, leftOut: string[]): Promise<readonly T[]> {
  try {
    return [await get()];
  } catch (error) {
    leftOut.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}
