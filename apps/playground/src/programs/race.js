// A race. The first success wins; the others are cancelled, and awaited before
// the winner is announced.
async function ask(mirror, path, signal) {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error(`${mirror} answered ${response.status}`);
  await response.text();
  return mirror;
}

export default async function main({ firstSuccess }) {
  // The members are named by their places in the list.
  const winner = await firstSuccess(
    [
      ({ signal }) => ask("far away", "/api/page/1?delay=1800", signal),
      ({ signal }) => ask("broken", "/api/fail?delay=300", signal),
      ({ signal }) => ask("near", "/api/page/1?delay=700", signal),
    ],
    { name: "mirrors" },
  );
  console.log(`${winner} was first`);
  return winner;
}
