// One contender, one size, one process: what one leaves behind for the collector must not weigh on the next.
import { cancelByHand, cancelGroup } from "./cancel.ts";
import { cpuNow, median } from "./clock.ts";
import { type Contender, LIMITED, type Load, UNLIMITED } from "./contenders.ts";
import { oneByOne, SMALL } from "./groups.ts";
import { pendingBytes } from "./memory.ts";
import { peakKilobytes, STREAMS } from "./streams.ts";

/** What a worker prints, as JSON. */
export interface Sample {
  readonly value: number;
  readonly listeners?: number;
}

const MEMBERS_WARM = 200_000;
const MEMBERS_TIMED = 1_000_000;
const GROUPS_WARM = 100_000;

/**
 * Ns of CPU per member, sustained: several groups in a row are timed as one, so that what they leave to the collector is
 * paid within. Never a forced collection between rounds: it throws away the hidden classes, and the optimised code with
 * them. That is also why this isn't left to a benchmark library, whose rounds are short and whose clock is the wall's.
 */
async function perMember(run: Contender, n: number): Promise<number> {
  for (let done = 0; done < MEMBERS_WARM; done += n) await run(n);
  const blocks: number[] = [];
  for (let block = 0; block < 3; block++) {
    const rounds = Math.max(1, Math.round(MEMBERS_TIMED / 3 / n));
    const start = cpuNow();
    for (let round = 0; round < rounds; round++) await run(n);
    blocks.push((cpuNow() - start) / (rounds * n));
  }
  return median(blocks);
}

function known<T>(all: Readonly<Record<string, T>>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new Error(`no contender "${name}"`);
  return found;
}

async function members(all: Readonly<Record<string, Load>>, name: string, n: number): Promise<Sample> {
  const run = await known(all, name)();
  return { value: await perMember(run, n) };
}

/** The median of some runs after others that only warm up. */
async function warm(run: () => Promise<number>, rounds: number): Promise<number> {
  for (let round = 0; round < rounds; round++) await run();
  const timed: number[] = [];
  for (let round = 0; round < 5; round++) timed.push(await run());
  return median(timed);
}

async function measure(scenario: string, name: string, n: number): Promise<Sample> {
  switch (scenario) {
    case "unlimited":
      return members(UNLIMITED, name, n);
    case "limit 100":
      return members(LIMITED, name, n);
    case "cancel":
      return { value: await warm(() => (name === "cohort" ? cancelGroup(n) : cancelByHand(n)), 10) };
    case "pending":
      return { value: await warm(() => pendingBytes(n, name === "cohort" ? "cohort" : "bare"), 1) };
    case "groups": {
      const run = known(SMALL, name);
      await oneByOne(run, GROUPS_WARM);
      const { ns, listeners } = await oneByOne(run, n);
      return { value: ns, listeners };
    }
    case "stream":
      return { value: await peakKilobytes(known(STREAMS, name), n) };
    default:
      throw new Error(`no scenario "${scenario}"`);
  }
}

const [scenario = "", name = "", n = "0"] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(scenario, name, Number(n))));
