import { batch, computed, signal } from "@preact/signals";
import type { Problem } from "../editor/problem.ts";
import { animationFrames } from "../playback/frames.ts";
import { Playback } from "../playback/playback.ts";
import { programById, programs, type Program } from "../programs/programs.ts";
import { hasPageServer } from "../run/page-server.ts";
import { runProgram, type Mode, type RunEnd } from "../run/run-program.ts";
import { ProgramTooLong, readLink, writeLink } from "../share/link.ts";
import { TimelineView } from "../timeline/view.ts";
import { alertTo, announce } from "./Announcer.tsx";
import { endWords, failureWords } from "./run-words.ts";

export type Ending = Exclude<RunEnd["state"], "invalid">;

/** How far the program is. */
export type Phase =
  | { readonly kind: "idle" }
  | { readonly kind: "running" }
  | { readonly kind: "cancelling"; readonly canKill: boolean }
  | { readonly kind: "refused"; readonly problem: Problem }
  | { readonly kind: "ended"; readonly ending: Ending };

/** How long a cancelled program has, in ms, before the page offers to end it by force. */
const patience = 2000;

const first = programs[0]!;

/** The page's state: a program, how it is run, and what was recorded of it. */
export class Workbench {
  readonly program = signal<Program | undefined>(first);
  readonly source = signal(first.source);
  readonly mode = signal<Mode>("real");
  readonly phase = signal<Phase>({ kind: "idle" });
  /** Whether the page's own server answers the programs' requests. */
  readonly hasServer = signal(true);
  /** What was wrong with the link that the page was opened by. */
  readonly notice = signal<string | undefined>(undefined);
  readonly shared = signal<"no" | "copied" | "too-long">("no");
  readonly isEdited = computed(
    () => this.program.value !== undefined && this.source.value !== this.program.value.source,
  );
  readonly playback: Playback = new Playback(animationFrames());
  readonly view: TimelineView = new TimelineView(this.playback.timeline, this.playback.length);

  #run:
    | { readonly cancel: AbortController; readonly kill: AbortController; readonly ended: Promise<RunEnd> }
    | undefined;

  pick(id: string): void {
    const program = programById(id);
    if (program === undefined) return;
    batch(() => {
      this.program.value = program;
      this.notice.value = undefined;
      this.edit(program.source);
    });
  }

  revert(): void {
    if (this.program.value !== undefined) this.edit(this.program.value.source);
  }

  edit(source: string): void {
    batch(() => {
      this.source.value = source;
      if (this.shared.value === "too-long") alertTo("");
      this.shared.value = "no";
      if (this.phase.value.kind === "refused") this.phase.value = { kind: "idle" };
    });
  }

  /** Runs the program as it stands. Does nothing while one runs. */
  async run(): Promise<void> {
    const { kind } = this.phase.value;
    if (kind === "running" || kind === "cancelling") return;
    const mode = this.mode.value;
    // Whoever wants no motion sees what is known as it comes, and replays it only by asking for that.
    const plays = mode === "virtual" && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    batch(() => {
      this.phase.value = { kind: "running" };
      this.view.reset();
      this.playback.begin(plays, mode === "real");
    });
    announce("Running");
    alertTo("");
    const cancel = new AbortController();
    const kill = new AbortController();
    const ended = runProgram(this.source.value, {
      mode,
      signal: cancel.signal,
      kill: kill.signal,
      onEvents: (events) => this.playback.append(events),
    });
    this.#run = { cancel, kill, ended };
    try {
      this.#ended(await ended);
    } catch (error) {
      // The page is being left, or the worker couldn't be loaded.
      this.#refuse({
        message: error instanceof Error ? error.message : String(error),
        line: undefined,
        column: undefined,
      });
    } finally {
      this.#run = undefined;
    }
  }

  #ended(end: RunEnd): void {
    if (end.state === "invalid") return this.#refuse(end);
    this.playback.complete();
    this.phase.value = { kind: "ended", ending: end.state };
    const last = this.playback.lastEvent;
    announce(endWords(end.state, last?.at ?? 0));
    if (last?.kind === "finish" && last.error !== undefined) alertTo(failureWords(last.error));
  }

  #refuse(problem: Problem): void {
    batch(() => {
      this.playback.complete();
      this.playback.showAll();
      this.phase.value = { kind: "refused", problem };
    });
    const { line, message } = problem;
    announce("");
    alertTo(line === undefined ? `The program can’t be run: ${message}` : `Line ${line}: ${message}`);
  }

  /** Cancels the program's group; what it then waits for can be ended by force after a while. */
  cancel(): void {
    const run = this.#run;
    if (run === undefined || this.phase.value.kind !== "running") return;
    this.phase.value = { kind: "cancelling", canKill: false };
    announce("Cancelling: waiting for the tasks to end");
    run.cancel.abort();
    const timer = setTimeout(() => {
      this.phase.value = { kind: "cancelling", canKill: true };
      announce("The program hasn’t ended yet. It can be killed.");
    }, patience);
    void run.ended.catch(() => {}).finally(() => clearTimeout(timer));
  }

  /** Ends the program's worker. */
  kill(): void {
    this.#run?.kill.abort();
  }

  /** Puts a link to the program as it stands into the address and the clipboard; into neither if it is too long for one. */
  async share(): Promise<void> {
    let link: string;
    try {
      link = writeLink({ program: this.program.value?.id, source: this.source.value, mode: this.mode.value });
    } catch (error) {
      if (!(error instanceof ProgramTooLong)) throw error;
      this.shared.value = "too-long";
      alertTo("This program is too long for a link: nothing was copied");
      return;
    }
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(location.href);
      this.shared.value = "copied";
      announce("A link to this program was copied");
    } catch {
      announce("The link is in the address bar: the browser didn’t allow to copy it");
    }
  }

  /** A static host answers no requests of the programs: there virtual time does, unless somebody wants otherwise. */
  async lookForServer(): Promise<void> {
    if (await hasPageServer()) return;
    batch(() => {
      this.hasServer.value = false;
      if (this.phase.value.kind === "idle") this.mode.value = "virtual";
    });
  }

  /** Opens what the address names, now and when it changes; returns what ends that. */
  followLink(): () => void {
    const open = () => {
      const link = readLink(location.hash);
      if (link === undefined) return;
      batch(() => {
        if (link.kind === "broken") {
          this.notice.value = link.message;
          alertTo(link.message);
          return;
        }
        this.notice.value = undefined;
        this.program.value = link.program === undefined ? undefined : programById(link.program);
        this.mode.value = link.mode;
        this.edit(link.source);
      });
    };
    open();
    addEventListener("hashchange", open);
    return () => removeEventListener("hashchange", open);
  }
}
