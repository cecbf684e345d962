/** An adapter's `defer` that runs what came in one turn in the reverse of its order. */
export function lastFirst(): (run: () => void) => void {
  let ready: (() => void)[] = [];
  return (run) => {
    if (ready.push(run) > 1) return;
    void Promise.resolve().then(() => {
      const order = ready.reverse();
      ready = [];
      for (const each of order) each();
    });
  };
}
