/** What a server has seen since it started. */
export interface Counts {
  /** Handlers that were entered. */
  readonly started: number;
  /** Handlers whose group has ended, in whatever way. */
  readonly ended: number;
  /** Groups that ended because the client had gone. */
  readonly gone: number;
  /** Failures thrown by members on purpose. */
  readonly thrown: number;
  /** Those of them that came out at the server's own error handler. */
  readonly caught: number;
  /** Whatever else came out anywhere. */
  readonly unexpected: readonly string[];
}

/** What a server says of itself when it is asked. */
export interface Stats extends Counts {
  /** Groups of handlers that are open now, as `inspectTasks` shows them. */
  readonly open: number;
  /** In bytes, after a collection. */
  readonly heap: number;
  readonly rss: number;
}
