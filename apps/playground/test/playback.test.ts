import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfEvent } from "../src/playback/event-words.ts";
import { Playback } from "../src/playback/playback.ts";
import { rateOf, speedName, speeds } from "../src/playback/speed.ts";
import { type RunEvent, type Timeline, timelineOf } from "../src/recording/timeline.ts";
import { HandFrames } from "./support/hand-frames.ts";

const events: readonly RunEvent[] = [
  { kind: "open", at: 0, id: 1, parent: undefined, name: "g", shape: "group" },
  { kind: "create", at: 0, id: 2, parent: 1, name: "a" },
  { kind: "start", at: 5, id: 2 },
  { kind: "output", at: 7, level: "log", text: "hello" },
  { kind: "cancel", at: 10, id: 1, by: undefined, text: "enough" },
  { kind: "end", at: 20, id: 2, state: "cancelled", text: "enough" },
  { kind: "close", at: 20, id: 1, state: "done" },
  { kind: "finish", at: 20, state: "done", result: "1" },
];

/** A playback of a run that has ended, and all of it shows. */
function whole(told: readonly RunEvent[] = events): { readonly playback: Playback; readonly frames: HandFrames } {
  const frames = new HandFrames();
  const playback = new Playback(frames);
  playback.begin(false, false);
  playback.append(told);
  playback.complete();
  frames.rest(16);
  return { playback, frames };
}

/** Without how far time has come, in which a stop between two events differs from a stop at one. */
function known({ playback }: { readonly playback: Playback }): Omit<Timeline, "now"> {
  const { now: _, ...rest } = playback.timeline.value;
  return rest;
}

function after(count: number): Omit<Timeline, "now"> {
  const { now: _, ...rest } = timelineOf(events.slice(0, count));
  return rest;
}

type Move = (playback: Playback, frames: HandFrames) => void;

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.constant<Move>((playback) => void playback.step(1)),
  fc.constant<Move>((playback) => void playback.step(-1)),
  fc.double({ min: -5, max: 30, noNaN: true }).map<Move>((at) => (playback) => playback.seek(at)),
  fc.constant<Move>((playback) => playback.play()),
  fc.constant<Move>((playback) => playback.pause()),
  fc.constant<Move>((playback) => playback.showAll()),
  fc.constantFrom(...speeds).map<Move>((speed) => (playback) => void (playback.speed.value = speed)),
  fc.integer({ min: 1, max: 2000 }).map<Move>((ms) => (_, frames) => frames.next(ms)),
);

describe("a replay", () => {
  test("shows after any moves what those events up to its position alone would show", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        const run = whole();
        for (const each of moves) {
          each(run.playback, run.frames);
          const position = run.playback.position.value;
          expect(known(run)).toEqual(after(position?.index ?? events.length));
          if (position !== undefined) {
            // Events at the time itself may be waiting for their step, none before it.
            expect(events.slice(0, position.index).every(({ at }) => at <= Math.max(position.at, 0))).toBe(true);
            expect(events.slice(position.index).every(({ at }) => at >= position.at)).toBe(true);
          }
        }
        // Whatever was done, it comes to its end, and then works no more.
        run.playback.play();
        run.frames.rest(50);
        expect(run.playback.position.value).toBeUndefined();
        expect(run.playback.isPlaying.value).toBe(false);
        expect(known(run)).toEqual(after(events.length));
      }),
    );
  });

  test("that is sought forwards and back is where it was", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 25, noNaN: true }), { minLength: 1 }), (moments) => {
        const run = whole();
        for (const at of moments) {
          run.playback.seek(at);
          expect(run.playback.timeline.value).toEqual(timelineOf(events, at));
        }
      }),
    );
  });

  test("steps through every event once, and back through the same", () => {
    const { playback } = whole();
    const back = events.map(() => playback.step(-1)).map((event) => event?.kind);
    expect(back).toEqual([
      ...events
        .slice(0, -1)
        .map(({ kind }) => kind)
        .toReversed(),
      undefined,
    ]);
    expect(playback.step(-1)).toBeUndefined();
    expect(playback.position.value).toEqual({ index: 0, at: 0 });
    expect(events.map(() => playback.step(1))).toEqual(events);
    expect(playback.step(1)).toBe(events.at(-1));
    expect(playback.position.value).toEqual({ index: events.length, at: 20 });
  });

  test("takes the time that its speed says", () => {
    for (const [speed, ms] of [
      [1, 20],
      [0.1, 200],
      [4, 5],
      ["auto", 3000],
    ] as const) {
      const { playback, frames } = whole();
      playback.speed.value = speed;
      playback.play();
      const began = frames.now();
      frames.rest(1);
      expect(frames.now() - began).toBeGreaterThanOrEqual(ms - 1);
      expect(frames.now() - began).toBeLessThanOrEqual(ms + 2);
    }
  });

  test("goes on from where it was paused, and anew from its end", () => {
    const { playback, frames } = whole();
    playback.speed.value = 1;
    playback.play();
    frames.next(8);
    playback.pause();
    frames.rest(100);
    expect(playback.position.value).toEqual({ index: 4, at: 8 });
    playback.play();
    frames.next(3);
    expect(playback.position.value).toEqual({ index: 5, at: 11 });
    playback.showAll();
    playback.play();
    expect(playback.position.value).toEqual({ index: 0, at: 0 });
  });
});

describe("a run in real time", () => {
  test("goes on by the page's clock between its events, and not beyond its end", () => {
    const frames = new HandFrames();
    const playback = new Playback(frames);
    playback.begin(false, true);
    frames.time = 1000;
    playback.append(events.slice(0, 3));
    frames.next(16);
    // It has learnt at 1000 of what happened at 5.
    expect(playback.timeline.value.now).toBe(21);
    expect(playback.length.value).toBe(21);
    playback.append(events.slice(3));
    playback.complete();
    frames.rest(16);
    expect(playback.timeline.value).toEqual(timelineOf(events));
    expect(playback.length.value).toBe(20);
    expect(playback.isComplete.value).toBe(true);
  });

  test("of a burst of events shows them over several frames, all in the end", () => {
    const burst: RunEvent[] = [{ kind: "open", at: 0, id: 0, parent: undefined, name: "g", shape: "group" }];
    for (let id = 1; id <= 5000; id++) burst.push({ kind: "create", at: 1, id, parent: 0, name: `task ${id}` });
    const frames = new HandFrames();
    const playback = new Playback(frames);
    playback.begin(false, true);
    playback.append(burst);
    frames.next(16);
    expect(playback.count.value).toBe(5001);
    const shown = playback.timeline.value.lanes.length;
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(5001);
    expect(playback.lastEvent).toBe(burst.at(-1));
    playback.complete();
    frames.rest(16);
    expect(playback.timeline.value.lanes).toHaveLength(5001);
  });

  test("leaves nothing of the one before", () => {
    const { playback, frames } = whole();
    playback.begin(true, false);
    expect(playback.timeline.value.state).toBe("idle");
    expect(playback.position.value).toEqual({ index: 0, at: 0 });
    expect(playback.head.value).toBeUndefined();
    expect([playback.count.value, playback.length.value, playback.isComplete.value]).toEqual([0, 0, false]);
    playback.append(events);
    playback.complete();
    frames.rest(16);
    expect(playback.timeline.value).toEqual(timelineOf(events));
  });
});

describe("the speed of a replay", () => {
  test("that is automatic makes any run last between three and eight seconds", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (length) => {
        const takes = length / rateOf("auto", length);
        expect(takes).toBeGreaterThan(2999);
        expect(takes).toBeLessThan(8001);
      }),
    );
    expect(rateOf("auto", 0)).toBe(1);
    expect(rateOf(20, 5)).toBe(20);
  });

  test("has a name", () => expect([speedName("auto"), speedName(0.5)]).toEqual(["Auto", "0.5×"]));
});

describe("what a step says", () => {
  test("is a sentence for each event", () => {
    const timeline = timelineOf(events);
    expect(events.map((event) => wordsOfEvent(event, timeline))).toEqual([
      "“g” opened",
      "“a” was created",
      "“a” started",
      "Output: hello",
      "“g” is cancelled: enough",
      "“a” was cancelled",
      "“g” is done",
      "The program ended",
    ]);
    expect(wordsOfEvent({ kind: "finish", at: 0, state: "killed" }, timeline)).toBe("The program was killed");
    expect(wordsOfEvent({ kind: "close", at: 0, id: 1, state: "left" }, timeline)).toBe("“g” was left");
    expect(wordsOfEvent({ kind: "note", at: 0, id: 9, note: "straggler", text: "slow" }, timeline)).toBe("“9”: slow");
  });
});
