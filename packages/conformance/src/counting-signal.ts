type Listener = Parameters<AbortSignal["addEventListener"]>[1];
type AddOptions = Parameters<AbortSignal["addEventListener"]>[2];
type RemoveOptions = Parameters<AbortSignal["removeEventListener"]>[2];

/** A controller whose signal counts who listens to it: what an implementation adds it must take away. */
export class CountingController extends AbortController {
  private readonly listening: Set<Listener> = new Set();
  /** How often a listener was ever added. */
  added = 0;

  constructor() {
    super();
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (type: string, listener: Listener, options?: AddOptions) => {
      this.listening.add(listener);
      this.added++;
      add(type, listener, options);
    };
    signal.removeEventListener = (type: string, listener: Listener, options?: RemoveOptions) => {
      this.listening.delete(listener);
      remove(type, listener, options);
    };
    // Once it has been aborted, listeners that were added with `once` are gone.
    add("abort", () => this.listening.clear());
  }

  /** Listeners that are still there. */
  get listeners(): number {
    return this.listening.size;
  }
}
