/**
 * Is the page served by its own server, which answers the requests of the programs? A static host has none: there, virtual
 * time answers them. Never rejects.
 */
export async function hasPageServer(signal?: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch("/api/health", { signal: signal ?? null, headers: { accept: "application/json" } });
    const answer: unknown = await response.json();
    return typeof answer === "object" && answer !== null && "server" in answer && answer.server === "cohort-playground";
  } catch {
    return false;
  }
}
