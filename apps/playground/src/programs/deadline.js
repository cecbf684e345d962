// A deadline. When it passes, everything below is cancelled, and awaited before
// the TimeoutError comes out.
async function download(path, { signal, shield }) {
  try {
    const response = await fetch(path, { signal });
    return (await response.json()).title;
  } finally {
    // A cleanup takes time of its own, also after the deadline. A shield lets it finish.
    await shield(({ sleep }) => sleep(250));
  }
}

export default async function main({ failAfter }) {
  await failAfter(1000, ({ taskGroup }) =>
    taskGroup({ name: "downloads" }, (group) => {
      for (const delay of [300, 600, 1500, 3000]) {
        const path = `/api/page/1?delay=${delay}`;
        group.createTask((task) => download(path, task), { name: `takes ${delay} ms` });
      }
    }),
  );
}
