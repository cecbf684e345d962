/** The core with one thing wrong, as somebody might have designed it, and the case that must notice. */
export interface WrongImplementation {
  /** What is wrong, as its users would say it. */
  readonly name: string;
  /** A file of core's sources. */
  readonly file: string;
  /** A text that occurs there exactly once. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
  /** The id of the case that fails on it. */
  readonly killedBy: string;
}
