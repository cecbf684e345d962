/** Settles as the wait does, after a cleanup that may take its time. */
export async function withCleanup<T>(wait: Promise<T>, cleanup: () => Promise<void>): Promise<T> {
  try {
    return await wait;
  } finally {
    await cleanup();
  }
}
