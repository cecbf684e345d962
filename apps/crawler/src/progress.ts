import type { WriteStream } from "node:tty";
import cliProgress, { type Options } from "cli-progress";
import type { Ledger } from "./ledger.ts";
import { count, fit, printable } from "./printable.ts";

export interface Progress {
  /** A line above the bar. */
  note(text: string): void;
  stop(): void;
}

export interface ProgressOptions {
  stream: WriteStream;
  ledger: Ledger;
  /** How many pages are still to come, as far as one knows. */
  waiting: () => number | undefined;
}

const SPARSE_MS = 2000;

/** On a terminal a bar with what is in flight, elsewhere a plain line every two seconds. */
export function showProgress(options: ProgressOptions): Progress {
  return options.stream.isTTY ? showBar(options) : showLines(options);
}

/** What has to be said is said without progress too. */
export const silence = ({ stream }: ProgressOptions): Progress => ({
  note: (text) => void stream.write(`${text}\n`),
  stop: () => undefined,
});

function showBar({ stream, ledger, waiting }: ProgressOptions): Progress {
  const bar = new cliProgress.SingleBar({
    stream,
    clearOnComplete: true,
    forceRedraw: true,
    // Interrupts are the program's business; and a second Ctrl-C ends it where it stands, so the terminal keeps its settings.
    gracefulExit: false,
    hideCursor: false,
    linewrap: true,
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    format: (look) => barLine(look, ledger, waiting(), stream.columns || 80),
  });
  bar.start(1, 0);
  return {
    note(text) {
      bar.stop();
      stream.write(`${text}\n`);
      bar.start(1, 0);
    },
    stop: () => bar.stop(),
  };
}

function barLine(look: Options, ledger: Ledger, waiting: number | undefined, columns: number): string {
  const { done, inFlight } = ledger;
  const total = waiting === undefined ? undefined : done + inFlight.size + waiting;
  const parts = [
    total !== undefined && cliProgress.Format.BarFormat(total === 0 ? 0 : done / total, look),
    total === undefined ? count(done, "page") : `${done}/${total}`,
    ledger.counts.failed > 0 && `${ledger.counts.failed} failed`,
    ...Array.from(inFlight, ({ name }) => fit(printable(name, 2000), 40)),
  ];
  const line = parts.filter((part) => part !== false).join("  ");
  return line.length < columns ? line : `${line.slice(0, columns - 2)}…`;
}

function showLines({ stream, ledger, waiting }: ProgressOptions): Progress {
  const timer = setInterval(() => {
    const left = waiting();
    const total = left === undefined ? "" : ` of ${ledger.done + ledger.inFlight.size + left}`;
    stream.write(`cohort-crawl: ${ledger.done}${total} fetched, ${ledger.inFlight.size} in flight\n`);
  }, SPARSE_MS);
  timer.unref();
  return {
    note: (text) => void stream.write(`${text}\n`),
    stop: () => clearInterval(timer),
  };
}
