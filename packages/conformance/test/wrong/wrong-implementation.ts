/** The core with one thing wrong, as somebody might have designed it, and the case that must notice. */
export interface WrongImplementation {
  /** What is wrong, as its users would say it. */
  readonly name: string;
  /** The adapter that is wrong; core, if it isn't said. */
  readonly adapter?: "workers";
  /** A file of its sources. */
  readonly file: string;
  /** A text that occurs there exactly once. */
  readonly find: string;
  /** What stands there instead. */
  readonly replace: string;
  /** The id of the case that fails on it. */
  readonly killedBy: string;
}
