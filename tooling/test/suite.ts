/** What a suite counted. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What else is worth a word, such as how many tests were skipped. */
  readonly note?: string;
}

/** A part of `npm test`. Adding one is adding it to the list in main.ts. */
export interface Suite {
  readonly name: string;
  /** Throws LeftOut where the suite can't run here. */
  readonly run: () => Promise<Outcome>;
}

export class LeftOut extends Error {}

/** One thing that holds or not: it passes unless it throws. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Runs checks, some at a time, and tells of each as it ends. */
export async function runChecks(checks: readonly Check[], limit = 2): Promise<Outcome> {
  let failed = 0;
  const waiting = checks.values();
  const worker = async (): Promise<void> => {
    for (const { name, run } of waiting) {
      try {
        await run();
        console.log(`  ✓ ${name}`);
      } catch (error) {
        failed += 1;
        console.log(`  ✗ ${name}\n${indent(error instanceof Error ? error.message : String(error))}`);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return { passed: checks.length - failed, failed };
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, "      ");
}
