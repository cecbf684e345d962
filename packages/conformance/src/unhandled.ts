type Listener = (...args: never[]) => void;

interface NodeProcess {
  listeners(event: string): Listener[];
  on(event: string, listener: (reason: unknown) => void): void;
  removeAllListeners(event: string): void;
}

interface Host {
  readonly process?: Partial<NodeProcess>;
  readonly addEventListener?: (event: string, listener: (event: RejectionEvent) => void) => void;
  readonly removeEventListener?: (event: string, listener: (event: RejectionEvent) => void) => void;
}

interface RejectionEvent {
  readonly reason: unknown;
  preventDefault(): void;
}

/** Whether the host tells of rejections that nobody handles. */
export function tellsUnhandled(): boolean {
  const { process, addEventListener } = globalThis as unknown as Host;
  return process?.removeAllListeners !== undefined || addEventListener !== undefined;
}

/**
 * Calls back for every unhandled rejection until the result is called. Others who listen, a test runner most likely, hear
 * nothing meanwhile: a case may make one on purpose.
 */
export function watchUnhandled(callback: (reason: unknown) => void): () => void {
  const { process, addEventListener, removeEventListener } = globalThis as unknown as Host;
  if (process?.removeAllListeners !== undefined) {
    const node = process as NodeProcess;
    const name = "unhandledRejection";
    const others = node.listeners(name);
    node.removeAllListeners(name);
    node.on(name, callback);
    return () => {
      node.removeAllListeners(name);
      for (const other of others) node.on(name, other as (reason: unknown) => void);
    };
  }
  const listener = (event: RejectionEvent): void => {
    event.preventDefault();
    callback(event.reason);
  };
  addEventListener?.("unhandledrejection", listener);
  return () => removeEventListener?.("unhandledrejection", listener);
}
