/** What has become of a promise so far. */
export interface Track<T> {
  readonly promise: Promise<T>;
  state: "waiting" | "fulfilled" | "rejected";
  value: T | undefined;
  error: unknown;
}

/** Follows a promise, so that a test can look at it without awaiting it. */
export function track<T>(promise: Promise<T>): Track<T> {
  const seen: Track<T> = { promise, state: "waiting", value: undefined, error: undefined };
  promise.then(
    (value) => Object.assign(seen, { state: "fulfilled", value }),
    (error: unknown) => Object.assign(seen, { state: "rejected", error }),
  );
  return seen;
}

/** Lets everything run that can. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The states of promises, once everything has run that can. */
export async function statesOf(tracks: readonly Track<unknown>[]): Promise<readonly string[]> {
  await turn();
  return tracks.map(({ state }) => state);
}
