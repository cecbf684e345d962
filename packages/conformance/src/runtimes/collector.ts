import { type CaseResult, type Report, type ReportHead, reportOf } from "../report.ts";
import { SPEC_VERSION, SUITE_VERSION } from "../versions.ts";
import type { Ending } from "./child.ts";
import type { CaseHead, Message } from "./message.ts";
import { RefusedError } from "../refused-error.ts";

/** Makes a report of what comes out of a runtime, also of one that ends in the middle or falls silent. */
export class Collector {
  /** Settles when there is no more to come. Rejects with a RefusedError for an implementation that can't be used. */
  readonly done: Promise<void>;
  private readonly runtime: string;
  private readonly file: string;
  private readonly patience: number;
  private readonly onMessage: ((message: Message) => void) | undefined;
  private readonly results: CaseResult[] = [];
  private head: ReportHead | undefined;
  private cases: readonly CaseHead[] = [];
  private problems: readonly string[] = [];
  private current: string | undefined;
  /** How it ended before its time. */
  private broke: string | undefined;
  private isOver = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private resolve: () => void = () => {};
  private reject: (error: unknown) => void = () => {};

  constructor(runtime: string, file: string, patience: number, onMessage?: (message: Message) => void) {
    this.runtime = runtime;
    this.file = file;
    this.patience = patience;
    this.onMessage = onMessage;
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.wind();
  }

  receive(message: Message): void {
    if (this.isOver) return;
    this.wind();
    if ("begin" in message) {
      this.head = message.begin;
      this.cases = message.cases;
    } else if ("case" in message) {
      this.current = message.case;
    } else if ("result" in message) {
      this.results.push(message.result);
      this.current = undefined;
    } else if ("refused" in message) {
      return this.stop(new RefusedError(message.refused));
    } else {
      this.problems = message.end.problems;
      return this.over();
    }
    this.onMessage?.(message);
  }

  /** It has ended. If that is before its time, the report says so. */
  ended({ how }: Ending): void {
    if (!this.isOver) this.breakOff(`${this.runtime} died${this.place()}: ${how}`);
  }

  /** There is to be no report. */
  stop(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.reject(error);
  }

  /** What it said last, if there is somebody to read it. */
  addTail(tail: string | undefined): void {
    if (this.broke !== undefined && tail !== undefined && tail !== "") this.broke += `\n${tail}`;
  }

  report(): Report {
    const { broke, runtime } = this;
    const head = this.head ?? headOf(this.file, runtime);
    if (broke === undefined) return reportOf(head, this.results, this.problems);
    const left = this.cases.slice(this.results.length).map(({ id, clause, level, title }): CaseResult => {
      const rest = { id, clause, level, title, ms: 0 };
      if (id === this.current) return { ...rest, status: "error", message: broke };
      return { ...rest, status: "skip", message: `${runtime} had ended before its turn came` };
    });
    return reportOf(head, [...this.results, ...left], [broke]);
  }

  private wind(): void {
    clearTimeout(this.timer);
    const seconds = this.patience / 1000;
    this.timer = setTimeout(
      () => this.breakOff(`${this.runtime} hangs${this.place()}: ${seconds} s without a result`),
      this.patience,
    );
  }

  private breakOff(how: string): void {
    this.broke = how;
    this.over();
  }

  private over(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.resolve();
  }

  private place(): string {
    if (this.current !== undefined) return ` in ${this.current}`;
    return this.head === undefined ? " before its first case" : " between two cases";
  }
}

/** What can be said of a run that never came to say what it is. */
function headOf(file: string, runtime: string): ReportHead {
  return {
    schema: "https://cohort-js.dev/schemas/conformance-report-1.json",
    suite: SUITE_VERSION,
    spec: SPEC_VERSION,
    target: { name: file, version: "" },
    runtime: { name: runtime, version: "" },
    lacks: {},
  };
}
