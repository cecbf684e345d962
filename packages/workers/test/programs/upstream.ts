/** The bindings of every program. */
export interface Env {
  readonly UPSTREAM: string;
}

/** Says to the test that something has happened. */
export async function tell({ UPSTREAM }: Env, what: string): Promise<void> {
  const response = await fetch(`${UPSTREAM}/told?${encodeURIComponent(what)}`);
  await response.text();
}
