import { getEventListeners } from "node:events";

/** A real AbortSignal that tells who listens to it now, and how often somebody began to. */
export function watchedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const listen = signal.addEventListener.bind(signal);
  let added = 0;
  signal.addEventListener = (...args: Parameters<typeof listen>) => {
    added++;
    listen(...args);
  };
  return {
    signal,
    abort: (reason?: unknown) => controller.abort(reason),
    listening: () => getEventListeners(signal, "abort").length,
    added: () => added,
  };
}
