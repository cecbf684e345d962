/**
 * An engine isn't on this machine: says that its tests are skipped, and why.
 *
 * @throws {Error} where `COHORT_ENGINES`, such as `chromium,firefox`, demands it.
 */
export function missed(engine: string, why: string): void {
  const demanded = (process.env["COHORT_ENGINES"] ?? "").split(",");
  if (demanded.includes(engine)) throw new Error(`COHORT_ENGINES demands ${engine}, which isn't here: ${why}`);
  console.warn(`Tests of @cohort/browser in ${engine} are skipped, since it isn't here: ${why}`);
}
