/** A program to start from. */
export interface Program {
  /** Stable: links name it. */
  readonly id: string;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly description: string;
  /** What to look at while it runs. */
  readonly lookFor: string;
  /** An ES module that exports a function by default; the function gets the program's own task group. */
  readonly source: string;
  /** It asks the page's own server for something, which a static host doesn't have. */
  readonly needsServer: boolean;
}
