const ignore = (): void => {};

/**
 * A promise whose rejection its group reports: the host mustn't report it as unhandled as well, nor what passes it on (ER-6).
 * An error of a handler's own stays the host's to report.
 */
export class QuietPromise<T> extends Promise<T> {
  /** Has anybody awaited it? */
  isAwaited = false;

  constructor(executor: ConstructorParameters<typeof Promise<T>>[0]) {
    super(executor);
    void super.then(ignore, ignore);
  }

  // What is chained is a plain promise.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  override then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isAwaited = true;
    const next = super.then(onValue, onError);
    const passedOn = (error: unknown): void =>
      void next.catch((later: unknown) => {
        if (!Object.is(later, error)) throw later;
      });
    void super.then(ignore, passedOn);
    return next;
  }
}
