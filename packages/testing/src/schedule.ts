import { Choices, NondeterminismError } from "./choices.ts";

/** What settles in which order. Things that settle in one turn, one right after the other, stand in one entry: "a + b". */
export type Schedule = readonly string[];

/** Decides what settles next. */
export interface Scheduler {
  /** The index of what settles now. `within` the turn of what settled before, or `undefined` for "let everything run first". */
  pick(labels: readonly string[], within: boolean): number | undefined;
}

/** What a scheduler did, as a schedule. */
export class ScheduleLog {
  readonly entries: string[] = [];

  add(label: string, within: boolean): void {
    if (within) this.entries.push(`${this.entries.pop() ?? ""} + ${label}`);
    else this.entries.push(label);
  }
}

/** Takes every order there is, one after the other. */
export class Exhaustive implements Scheduler {
  private readonly choices: Choices = new Choices();
  private readonly sameTurn: boolean;

  constructor(sameTurn: boolean) {
    this.sameTurn = sameTurn;
  }

  pick(labels: readonly string[], within: boolean): number | undefined {
    if (!within) return this.choices.choose(labels);
    if (!this.sameTurn) return undefined;
    const taken = this.choices.choose(["(let everything run)", ...labels]);
    return taken === 0 ? undefined : taken - 1;
  }

  next(): boolean {
    return this.choices.next();
  }
}

/** Takes the one order that a schedule says. */
export class Replay implements Scheduler {
  private readonly turns: readonly (readonly string[])[];
  private turn = -1;
  private place = 0;

  constructor(schedule: Schedule) {
    this.turns = schedule.map((entry) => entry.split(" + "));
  }

  pick(labels: readonly string[], within: boolean): number | undefined {
    if (!within) {
      this.turn++;
      this.place = 0;
    }
    const label = this.turns[this.turn]?.[this.place++];
    if (label === undefined && within) return undefined;
    const index = label === undefined ? 0 : labels.indexOf(label);
    if (index < 0) throw new NondeterminismError([label as string], labels);
    return index;
  }
}
