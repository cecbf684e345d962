// The real ones, taken when this module is loaded: fake timers replace the globals later, and nothing here may wait on
// virtual time. Sinon's fakes, which vitest and jest use, carry their clock.
const host = globalThis as unknown as {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: typeof MessageChannel;
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
};
const { setImmediate, MessageChannel: Channel, setTimeout, clearTimeout } = host;
const isReal = (timer: object | undefined): timer is object => timer !== undefined && !("clock" in timer);

/** The host's next turn: all that can run without another event has run by then. */
export const turn: () => Promise<void> = isReal(setImmediate)
  ? () => new Promise((resolve) => void setImmediate(resolve))
  : Channel !== undefined
    ? () => new Promise((resolve) => postTurn(Channel, resolve))
    : () => new Promise((resolve) => void setTimeout(resolve, 0));

/** Two: the first may come before other callbacks of the same turn, the second comes after them. */
export async function fullTurn(): Promise<void> {
  await turn();
  await turn();
}

// A channel a turn: one that stays open would keep the process alive.
function postTurn(Channel: typeof MessageChannel, resolve: () => void): void {
  const { port1, port2 } = new Channel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(undefined);
}

/** Calls back after real ms; returns what prevents it. Where the timers were faked before this was loaded, it counts turns. */
export function afterReal(ms: number, callback: () => void): () => void {
  if (isReal(setTimeout)) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer as never);
  }
  let isWanted = true;
  void (async () => {
    for (let turns = 0; turns < ms && isWanted; turns++) await turn();
    if (isWanted) callback();
  })();
  return () => {
    isWanted = false;
  };
}
