const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What reached the process as an unhandled rejection while a program ran, and in the turns after it. */
export async function unhandledDuring(program: () => PromiseLike<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const listener = (reason: unknown): void => void seen.push(reason);
  process.on("unhandledRejection", listener);
  try {
    await program();
    for (let n = 0; n < 5; n++) await turn();
  } finally {
    process.removeListener("unhandledRejection", listener);
    for (const other of others) process.on("unhandledRejection", other);
  }
  return seen;
}
