import type { TryStep } from "../scenarios/program.ts";
import type { GroupOptions, Program, Step } from "../scenarios/scenario.ts";

/**
 * Makes a program of its outline: gives everything a name, every error a message of its own, and every wait a duration such
 * that no two sums of durations are alike. Nothing then happens at the same moment by accident, where only the insides of an
 * event loop would decide what comes first.
 */
export function finishProgram(outline: Program): Program {
  const counting = new Finisher(outline, 0);
  counting.program();
  return new Finisher(outline, counting.waits).program();
}

/**
 * What may happen at the very moment at which a step begins, as far as can be seen from here: `quiet` if it has just waited,
 * `starting` if something may be starting, `crossed` if it has also come over the edge of a block, which takes an event loop
 * some turns that others don't need.
 */
type Moment = "quiet" | "starting" | "crossed";

/** Where a step stands. */
interface Place {
  /** The groups around, the innermost last. */
  readonly groups: readonly string[];
  /** The members that have been created before in the same function. */
  readonly created: string[];
  moment: Moment;
  /** Its scope may have been cancelled: a wait that isn't shielded would fail at once. */
  mayBeCancelled: boolean;
  /** The steps that follow are never run. */
  isOver: boolean;
  /** It is within a `finally` of its function, where nothing may return. */
  readonly isLast: boolean;
}

/** Where the function of a member begins. */
const FUNCTION: Omit<Place, "groups" | "created"> = {
  moment: "starting",
  mayBeCancelled: false,
  isOver: false,
  isLast: false,
};

/** A step that names a member. */
type AboutMember = Extract<Step, { await: string } | { cancelTask: string }>;

/** Finishes steps within a step. */
type Within = (body: readonly Step[], changes?: Partial<Place>) => Step[];

/** Beyond this many waits the fingerprints of durations begin anew: times must stay below 2 ** 31. */
const FINGERPRINTS = 20;

class Finisher {
  private readonly outline: Program;
  private readonly scale: number;
  private readonly used: Set<string> = new Set();
  waits = 0;
  private groups = 0;
  private members = 0;
  private errors = 0;
  private logs = 0;

  /** `waits` is how many there will be. */
  constructor(outline: Program, waits: number) {
    this.outline = outline;
    this.scale = 2 ** Math.min(FINGERPRINTS, waits);
  }

  program(): Program {
    const { options = {}, abort, body, semaphores = {}, events = [] } = this.outline;
    const own = this.options(options);
    const when = abort && { at: this.duration(abort.at), reason: abort.reason };
    const steps = this.steps(body, { ...FUNCTION, created: [], groups: ["main"] });
    const used = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(Object.entries(all).filter(([name]) => this.used.has(name)));
    const named = { semaphores: used(semaphores) };
    const happening = events.filter((name) => this.used.has(name));
    return {
      ...(Object.keys(own).length === 0 ? {} : { options: own }),
      ...withoutEmpty(named),
      ...(happening.length === 0 ? {} : { events: happening }),
      ...(when === undefined ? {} : { abort: when }),
      body: steps,
    };
  }

  /** The length in steps of a scale, and a bit of its own: a sum of durations says which they were. */
  private duration(length: number): number {
    return length * this.scale + 2 ** (this.waits++ % FINGERPRINTS);
  }

  private options(options: GroupOptions): GroupOptions {
    return options.timeout === undefined ? options : { ...options, timeout: this.duration(options.timeout) };
  }

  private steps(steps: readonly Step[], place: Place): Step[] {
    return steps.flatMap((step) => (place.isOver ? [] : this.step(step, place)));
  }

  private step(step: Step, place: Place): Step[] {
    if ("sleep" in step) return [this.sleep(step.sleep, place)];
    if ("log" in step) return [{ log: `log ${++this.logs}` }];
    if ("return" in step) {
      place.isOver = !place.isLast;
      return place.isLast ? [] : [step];
    }
    if ("await" in step || "cancelTask" in step) return this.about(step, place);
    // Nothing fails or is cancelled in the moment of a start: whether the newcomer still starts is for a loop's insides to say.
    const waits = "throw" in step || "cancel" in step ? place.moment !== "quiet" : place.moment === "crossed";
    const before = waits ? [this.pause(place)] : [];
    const placed = this.placed(step, place);
    // The next wait may fail at once, and so may a group that is left when its body ends.
    const isRash = "spawn" in step && (place.mayBeCancelled || nameOf(step.in, place) !== place.groups.at(-1));
    const after = isRash ? [this.pause(place)] : [];
    return [...before, placed, ...after];
  }

  private placed(step: Step, place: Place): Step {
    const within: Within = (body, changes) => {
      const inner = { ...place, ...changes };
      const finished = this.steps(body, inner);
      place.moment = inner.moment === "quiet" ? "quiet" : "crossed";
      place.isOver = inner.isOver;
      return finished;
    };
    if ("throw" in step) {
      place.isOver = true;
      return { throw: `Boom(${++this.errors})` };
    }
    if ("cancel" in step) {
      place.moment = "crossed";
      return { cancel: nameOf(step.cancel, place) };
    }
    if ("spawn" in step) {
      const spawn = memberName(this.members++);
      const body = this.steps(step.body, { ...place, ...FUNCTION, created: [...place.created] });
      place.moment = "starting";
      place.created.push(spawn);
      const where = nameOf(step.in, place);
      return { spawn, ...(where === place.groups.at(-1) ? {} : { in: where }), body };
    }
    if ("group" in step) {
      const group = `g${++this.groups}`;
      const options = this.options(step.options ?? {});
      const body = within(step.body, { groups: [...place.groups, group], isLast: false });
      // It is left when its last member ends, and with a member may end much else.
      place.moment = "crossed";
      place.isOver = false;
      return { group, ...(Object.keys(options).length === 0 ? {} : { options }), body };
    }
    if ("try" in step) return this.try(step, within, place);
    if ("shield" in step) {
      const timeout = step.timeout === undefined ? undefined : this.duration(step.timeout);
      const shield = within(step.shield, { mayBeCancelled: false });
      if (place.moment !== "quiet") shield.push(this.sleep(1, place));
      place.mayBeCancelled = true;
      return timeout === undefined ? { shield } : { shield, timeout };
    }
    if ("failAfter" in step) return { failAfter: this.duration(step.failAfter), body: within(step.body) };
    if ("moveOnAfter" in step) {
      const [moveOnAfter, body] = [this.duration(step.moveOnAfter), within(step.body)];
      place.isOver = false;
      return { moveOnAfter, body };
    }
    if ("hold" in step) {
      this.used.add(step.hold);
      // The permit comes when somebody else gives it back.
      return { hold: step.hold, body: within(step.body, { moment: "crossed" }) };
    }
    const [name] = Object.values(step) as [string];
    this.used.add(name);
    // Somebody may be woken by it.
    place.moment = "crossed";
    return step;
  }

  private about(step: AboutMember, place: Place): Step[] {
    const [[key, number]] = Object.entries(step) as [[string, string]];
    const name = place.created[Number(number) % place.created.length];
    if (name === undefined) return [];
    // What is being cancelled at this moment may or may not have ended yet.
    const isEarly = place.moment !== "quiet" || ("cancelTask" in step && place.mayBeCancelled);
    const before = isEarly ? [this.pause(place)] : [];
    place.moment = "crossed";
    place.mayBeCancelled ||= "await" in step;
    return [...before, { [key]: name } as AboutMember];
  }

  private try(step: TryStep, within: Within, place: Place): Step {
    const { catch: what, do: handler, finally: last } = step;
    const tried = within(step.try);
    const { moment, isOver } = place;
    const handled = handler && within(handler, { isOver: false, mayBeCancelled: what !== "failure" });
    // Whatever was caught or outlasted, the scope may have been cancelled meanwhile.
    place.mayBeCancelled = true;
    if (what !== undefined) {
      // Whether or not it was caught.
      place.moment = later(moment, place.moment);
      place.isOver = isOver && handled !== undefined && place.isOver;
    }
    const cleanup = last && within(last, { isOver: false, mayBeCancelled: true, isLast: true });
    // What wasn't caught goes on from here.
    if (cleanup !== undefined && place.moment !== "quiet") {
      cleanup.push(this.pause({ ...place, mayBeCancelled: true }));
      place.moment = "quiet";
    }
    if (cleanup !== undefined) place.isOver ||= isOver && what === undefined;
    return {
      try: tried,
      ...(what === undefined ? {} : { catch: what }),
      ...(handled === undefined ? {} : { do: handled }),
      ...(cleanup === undefined ? {} : { finally: cleanup }),
    };
  }

  private sleep(length: number, place: Place): Step {
    place.moment = "quiet";
    return { sleep: this.duration(length) };
  }

  private pause(place: Place): Step {
    const sleep = this.sleep(1, place);
    return place.mayBeCancelled ? { shield: [sleep] } : sleep;
  }
}

function later(one: Moment, other: Moment): Moment {
  if (one === "crossed" || other === "crossed") return "crossed";
  return one === "starting" ? one : other;
}

function withoutEmpty<T extends object>(all: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(all).filter(([, one]) => Object.keys(one as object).length > 0),
  ) as Partial<T>;
}

/** The group that an outline means by a number; the innermost if it says none. */
function nameOf(number: string | undefined, { groups }: Place): string {
  return groups[number === undefined ? groups.length - 1 : Number(number) % groups.length] as string;
}

/** a, b, … z, a1, b1, … */
function memberName(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(97 + (index % 26))}${round === 0 ? "" : round}`;
}
