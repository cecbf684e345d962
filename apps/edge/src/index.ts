import { formatException, handler, type Scope } from "@cohort/workers";
import { answer } from "./answer.ts";
import { audit, type AuditEntry } from "./audit.ts";
import { internalError, type Problem, problemOf, problemResponse } from "./problem.ts";
import { type Env, readSettings, type Settings } from "./settings.ts";

export default handler<Env>({
  async fetch(request, env, _ctx, group) {
    let settings: Settings;
    try {
      settings = readSettings(env);
    } catch (error) {
      console.error(formatException(error));
      return problemResponse(internalError);
    }
    // Cloudflare's name for the request; there is none where this runs without its edge.
    const ray = request.headers.get("cf-ray") ?? crypto.randomUUID();
    try {
      return await answer(request, ray, settings, group);
    } catch (error) {
      const { pathname } = new URL(request.url);
      return await answerTo(error, { ray, path: pathname }, settings, group);
    }
  },
});

/** The answer to what went wrong. Nobody waits for one once the client has gone: then the cancellation goes on. */
async function answerTo(
  error: unknown,
  request: Pick<AuditEntry, "ray" | "path">,
  settings: Settings,
  scope: Scope,
): Promise<Response> {
  if (scope.isCancellation(error)) {
    audit({ ...request, status: 499, missing: [] }, settings);
    throw error;
  }
  const problem = await foreseen(error);
  const { status, parts = [] } = problem;
  if (status >= 500) console.error(`${status} ${request.path} (${request.ray})\n${formatException(error)}`);
  audit({ ...request, status, missing: [...new Set(parts.flatMap(({ part }) => part ?? []))] }, settings);
  return problemResponse(problem);
}

async function foreseen(error: unknown): Promise<Problem> {
  try {
    return await problemOf(error);
  } catch {
    return internalError;
  }
}
