import { stderr } from "node:process";

/** Says on stderr what is being measured: in one line that changes on a terminal, in a line per size elsewhere. */
export class Progress {
  private size = "";

  step(size: string, what: string): void {
    if (stderr.isTTY) stderr.write(`\r\u001b[K${size}: ${what}`);
    else if (size !== this.size) stderr.write(`${size}\n`);
    this.size = size;
  }

  clear(): void {
    if (stderr.isTTY) stderr.write("\r\u001b[K");
  }
}
