import { Choices } from "./choices.ts";
import { NondeterminismError } from "./errors.ts";

/** What settles in which order. Things that settle in one turn, one right after the other, stand in a list of their own. */
export type Schedule = readonly (string | readonly string[])[];

/** Decides what settles next. */
export interface Scheduler {
  /** The index of what settles now. `within` the turn of what settled before, or `undefined` for "let everything run first". */
  pick(labels: readonly string[], within: boolean): number | undefined;
}

/** Writes down what settled, as a schedule. */
export class ScheduleLog {
  private readonly turns: string[][] = [];

  add(label: string, within: boolean): void {
    if (within) this.turns.at(-1)?.push(label);
    else this.turns.push([label]);
  }

  get length(): number {
    return this.turns.length;
  }

  get schedule(): Schedule {
    return this.turns.map((turn) => (turn.length === 1 ? (turn[0] as string) : turn));
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
  private readonly schedule: Schedule;
  private turn = -1;
  private place = 0;

  constructor(schedule: Schedule) {
    this.schedule = schedule;
  }

  pick(labels: readonly string[], within: boolean): number | undefined {
    if (!within) {
      this.turn++;
      this.place = 0;
    }
    const turn = this.schedule[this.turn];
    const label = typeof turn === "string" ? [turn][this.place++] : turn?.[this.place++];
    if (label === undefined && within) return undefined;
    const index = label === undefined ? 0 : labels.indexOf(label);
    if (index < 0) throw new NondeterminismError(`the schedule says ${label}`, `there is only ${labels.join(", ")}`);
    return index;
  }
}
