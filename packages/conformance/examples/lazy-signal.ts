/** A signal that is made when somebody reads it (CA-2). */
export class LazySignal {
  private controller: AbortController | undefined;
  private cancellation: { readonly reason: unknown } | undefined;

  read(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.cancellation !== undefined) this.controller.abort(this.cancellation.reason);
    }
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    this.cancellation ??= { reason };
    this.controller?.abort(reason);
  }
}
