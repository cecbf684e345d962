import { NondeterminismError } from "./errors.ts";

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
    else if (known.labels.join("\n") !== labels.join("\n")) throw differs(known.labels, labels);
    this.depth++;
    return known?.taken ?? 0;
  }

  /** Turns to the next way; false once all have been walked. */
  next(): boolean {
    const missed = this.made[this.depth];
    if (missed !== undefined) throw differs(missed.labels, []);
    this.depth = 0;
    for (let last = this.made.at(-1); last !== undefined; last = this.made.at(-1)) {
      if (++last.taken < last.labels.length) return true;
      this.made.pop();
    }
    return false;
  }
}

function differs(before: readonly string[], now: readonly string[]): NondeterminismError {
  return new NondeterminismError(`it offered ${list(before)}`, list(now));
}

function list(labels: readonly string[]): string {
  return labels.length === 0 ? "nothing" : labels.join(" or ");
}
