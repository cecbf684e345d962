import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "./clock.ts";
import type { Progress } from "./progress.ts";
import type { Scenario } from "./scenarios.ts";
import type { Sample } from "./worker.ts";

const worker = fileURLToPath(new URL("./worker.js", import.meta.url));
const execute = promisify(execFile);

/** One line of a table. */
export interface Row {
  readonly scenario: string;
  readonly n: number;
  readonly contender: string;
  readonly value: number;
  /** Against the first contender at the same size: a ratio, or a difference. */
  readonly against: number | undefined;
  /** What `against` is to be at most. */
  readonly target: number | undefined;
  readonly listeners?: number | undefined;
}

/** Measures a scenario. The contenders take turns, so that a noisy minute on the machine strikes them alike. */
export async function run(scenario: Scenario, turns: number, progress: Progress): Promise<Row[]> {
  const rows: Row[] = [];
  for (const n of scenario.sizes) {
    const samples = new Map<string, Sample[]>(scenario.contenders.map((name) => [name, []]));
    for (let turn = 1; turn <= turns; turn++) {
      for (const name of scenario.contenders) {
        progress.step(`${scenario.name}, ${n.toLocaleString("en")}`, `${name} (${turn}/${turns})`);
        const { stdout } = await execute(process.execPath, ["--expose-gc", worker, scenario.name, name, String(n)]);
        samples.get(name)?.push(JSON.parse(stdout) as Sample);
      }
    }
    const value = (name: string): number => median((samples.get(name) ?? []).map((sample) => sample.value));
    const first = value(scenario.contenders[0] as string);
    scenario.contenders.forEach((contender, index) => {
      const own = value(contender);
      const against = scenario.compare === "ratio" ? own / first : own - first;
      const listeners = samples.get(contender)?.at(-1)?.listeners;
      rows.push({
        scenario: scenario.name,
        n,
        contender,
        value: own,
        against: index === 0 ? undefined : against,
        target: contender === "cohort" ? scenario.target : undefined,
        listeners,
      });
    });
  }
  return rows;
}
