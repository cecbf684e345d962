import { batch, computed, signal } from "@preact/signals";
import { eventsUntil, TimelineBuilder, type RunEvent, type Timeline } from "../recording/timeline.ts";
import type { Frames } from "./frames.ts";
import { rateOf, type Speed } from "./speed.ts";

/** Where a replay stands: after some events, at a time in ms since the run began. */
export interface Position {
  readonly index: number;
  readonly at: number;
}

/**
 * A run's events and how much of them shows: all, as they come, or those until a position that steps by event or moves
 * with time. It works at most once a frame, and not at all while nothing moves.
 */
export class Playback {
  readonly timeline = signal<Timeline>(new TimelineBuilder().at());
  /** How long the run is as far as it is known, in ms. */
  readonly length = signal(0);
  readonly count = signal(0);
  /** `undefined`: all that is known. */
  readonly position = signal<Position | undefined>(undefined);
  readonly isPlaying = signal(false);
  readonly speed = signal<Speed>("auto");
  readonly isComplete = signal(false);
  readonly head = computed(() => (this.timeline.value.state === "idle" ? undefined : this.position.value?.at));

  readonly #frames: Frames;
  #events: RunEvent[] = [];
  #builder = new TimelineBuilder();
  /** For a run in real time: by how much the page's clock is ahead of the run's, in ms. */
  #clock: number | undefined;
  #isLive = false;
  /** How many of the events show, where all are to: a burst of thousands is taken in so many a frame as it has time for. */
  #shown = 0;
  #portion = 500;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Also before a frame has shown it. */
  get lastEvent(): RunEvent | undefined {
    return this.#events.at(-1);
  }

  /** For a run that begins now. In virtual time, where all comes at once, it is played from the start. */
  begin(plays: boolean, isLive: boolean): void {
    this.#events = [];
    this.#builder = new TimelineBuilder();
    this.#isLive = isLive;
    this.#shown = 0;
    this.#clock = undefined;
    batch(() => {
      this.length.value = this.count.value = 0;
      this.isComplete.value = false;
      this.isPlaying.value = plays;
      this.position.value = plays ? { index: 0, at: 0 } : undefined;
      this.timeline.value = this.#builder.at();
    });
    this.#frames.start(this.#frame);
  }

  append(events: readonly RunEvent[]): void {
    for (const event of events) {
      this.#events.push(event);
      this.#builder.add(event);
    }
    const last = events.at(-1);
    if (last !== undefined && this.#isLive)
      this.#clock = Math.min(this.#clock ?? Infinity, this.#frames.now() - last.at);
    this.#frames.start(this.#frame);
  }

  /** The run has ended: no event comes any more. */
  complete(): void {
    this.#isLive = false;
    this.isComplete.value = true;
    this.#refresh();
    this.#frames.start(this.#frame);
  }

  /** From the start, or on from where it was paused. */
  play(): void {
    const from = this.position.value;
    const isOver = from === undefined || from.index >= this.#events.length;
    batch(() => {
      this.isPlaying.value = true;
      this.#show(isOver ? { index: 0, at: 0 } : from);
    });
    this.#frames.start(this.#frame);
  }

  pause(): void {
    this.isPlaying.value = false;
  }

  /** To the next event, or back to the one before. Returns the event that shows last, if there is one. */
  step(by: 1 | -1): RunEvent | undefined {
    const from = this.position.value?.index ?? this.#events.length;
    const index = Math.min(Math.max(from + by, 0), this.#events.length);
    const event = this.#events[index - 1];
    batch(() => {
      this.isPlaying.value = false;
      this.#show({ index, at: event?.at ?? 0 });
    });
    return event;
  }

  /** To a time, in ms since the run began. */
  seek(at: number): void {
    batch(() => {
      this.isPlaying.value = false;
      this.#show({ index: eventsUntil(this.#events, at), at });
    });
  }

  showAll(): void {
    batch(() => {
      this.isPlaying.value = false;
      this.position.value = undefined;
      this.#shown = this.#events.length;
      this.#refresh();
    });
  }

  get #isBehind(): boolean {
    return this.#shown < this.#events.length;
  }

  #show(position: Position): void {
    this.position.value = position;
    this.timeline.value = this.#builder.at(position.index, position.at);
  }

  #refresh(): void {
    const now = this.#isLive && this.#clock !== undefined ? this.#frames.now() - this.#clock : 0;
    this.count.value = this.#events.length;
    this.length.value = Math.max(this.#events.at(-1)?.at ?? 0, now);
    if (this.position.value === undefined) this.timeline.value = this.#builder.at(this.#shown, now);
  }

  /** Returns whether another frame is wanted. */
  readonly #frame = (elapsed: number): boolean => {
    const begin = this.#frames.now();
    const isBusy = this.#isBehind || this.isPlaying.value;
    batch(() => {
      if (this.#isBehind || this.#isLive) {
        this.#shown = Math.min(this.#shown + this.#portion, this.#events.length);
        this.#refresh();
      }
      const position = this.position.value;
      if (this.isPlaying.value && position !== undefined) this.#playOn(position, elapsed);
    });
    if (isBusy) {
      const took = this.#frames.now() - begin;
      this.#portion = Math.min(Math.max(Math.round(this.#portion * (took < 6 ? 1.5 : 0.7)), 100), 20_000);
    }
    return this.#isLive || this.#isBehind || this.isPlaying.value;
  };

  #playOn({ index, at }: Position, elapsed: number): void {
    const end = this.length.value;
    const wanted = Math.min(at + elapsed * rateOf(this.speed.value, end), end);
    const reached = Math.min(eventsUntil(this.#events, wanted), index + this.#portion);
    // Where thousands of events happen at one moment, time waits for them.
    const isWaiting = reached < this.#events.length && this.#events[reached]!.at <= wanted;
    if (!isWaiting && wanted >= end && this.isComplete.value) return this.showAll();
    this.#show({ index: reached, at: isWaiting ? this.#events[reached]!.at : wanted });
  }
}
