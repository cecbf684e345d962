import cliProgress from "cli-progress";

/** What is shown while something runs. */
export interface Progress {
  /** It begins, or begins anew somewhere else. How much there is to do may be known only later. */
  start(where: string, total?: number): void;
  setTotal(total: number): void;
  begin(id: string): void;
  done(isGood: boolean): void;
  stop(): void;
}

/** A bar on a terminal, and nothing elsewhere. */
export function progressOn(stream: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined }): Progress {
  return stream.isTTY === true ? new Bar(stream) : silence;
}

const silence: Progress = { start() {}, setTotal() {}, begin() {}, done() {}, stop() {} };

class Bar implements Progress {
  private readonly bar: cliProgress.SingleBar;
  private count = 0;
  private failed = 0;
  private where = "";

  constructor(stream: NodeJS.WritableStream) {
    this.bar = new cliProgress.SingleBar({
      stream,
      clearOnComplete: true,
      // Interrupts are the program's business.
      gracefulExit: false,
      hideCursor: false,
      barsize: 24,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      format: "{where} {bar} {value}/{total}{failed} {id}",
    });
  }

  start(where: string, total = 1): void {
    this.where = where;
    this.count = 0;
    this.failed = 0;
    this.bar.start(total, 0, this.shown(""));
  }

  setTotal(total: number): void {
    this.bar.setTotal(total);
  }

  begin(id: string): void {
    this.bar.update(this.count, this.shown(id));
  }

  done(isGood: boolean): void {
    this.count++;
    if (!isGood) this.failed++;
    this.bar.update(this.count, this.shown(""));
  }

  stop(): void {
    this.bar.stop();
  }

  private shown(id: string): object {
    return { where: this.where, id, failed: this.failed > 0 ? `, ${this.failed} failed` : "" };
  }
}
