/** Waits whatever happens: what hangs in it ignores its cancellation. Needs nothing but the host's timers. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
