/** A point at which something could have gone one way or another. */
interface Choice {
  readonly labels: readonly string[];
  taken: number;
}

/** Walks every way through a program that runs again and again, depth first: the first run takes the first way everywhere. */
export class Choices {
  private readonly made: Choice[] = [];
  private depth = 0;

  /** Which of several things happens now. The program has to offer the same things each time it comes here by the same way. */
  choose(labels: readonly string[]): number {
    const known = this.made[this.depth];
    if (known === undefined) this.made.push({ labels, taken: 0 });
    else if (known.labels.join("\n") !== labels.join("\n")) throw new NondeterminismError(known.labels, labels);
    this.depth++;
    return known?.taken ?? 0;
  }

  /** Turns to the next way; false once all have been walked. */
  next(): boolean {
    this.depth = 0;
    for (let last = this.made.at(-1); last !== undefined; last = this.made.at(-1)) {
      if (++last.taken < last.labels.length) return true;
      this.made.pop();
    }
    return false;
  }
}

/** The program isn't the same in each run, so its orders can't be told apart. */
export class NondeterminismError extends Error {
  override readonly name = "NondeterminismError";
  readonly code = "COHORT_NONDETERMINISM";

  constructor(before: readonly string[], now: readonly string[]) {
    super(
      `the program isn't the same each time: at this point it offered ${list(before)}, now ${list(now)}. ` +
        "It may wait for nothing but steps and what runs on the clock, and must keep no state between runs.",
    );
  }
}

function list(labels: readonly string[]): string {
  return labels.length === 0 ? "nothing" : labels.join(" or ");
}
