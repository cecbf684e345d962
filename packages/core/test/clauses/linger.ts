/** Work with a cleanup that takes its time, as a `finally` with an `await` in it. */
export async function linger<T>(work: Promise<T>, cleanup: () => Promise<unknown>): Promise<T> {
  try {
    return await work;
  } finally {
    await cleanup();
  }
}
