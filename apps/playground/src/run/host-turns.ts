// Virtual time moves by turns of the host, two for each timer. Where there is a setImmediate, the clock takes a turn by it;
// elsewhere it opens a message channel for each, which takes several times as long as one that stays open. Loaded before
// the clock, which keeps what it finds; programs don't see it, see `hideHostTurns`.
const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

const host = globalThis as { setImmediate?: (callback: () => void) => object };
const isMissing = host.setImmediate === undefined;
if (isMissing) {
  host.setImmediate = (callback) => {
    waiting.push(callback);
    port2.postMessage(undefined);
    return callback;
  };
}

export function hideHostTurns(): void {
  if (isMissing) delete host.setImmediate;
}
