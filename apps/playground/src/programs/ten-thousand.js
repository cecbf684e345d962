// Ten thousand tasks in a hundred groups. Scroll: only what can be seen is drawn.
let seed = 1;

/** The next number of a simple sequence that looks random and is the same each time. */
function next(below) {
  seed = (seed * 16807) % 2147483647;
  return seed % below;
}

export default async function main({ taskGroup }) {
  const results = await taskGroup({ name: "ten thousand" }, (all) =>
    Array.from({ length: 100 }, (_, batch) =>
      all.createTask(
        (task) =>
          task.taskGroup({ name: `group ${batch}`, limit: 20 }, (group) => {
            for (let n = 0; n < 100; n++) {
              const ms = 50 + next(500);
              group.createTask(({ sleep }) => sleep(ms), { name: `task ${batch}.${n}` });
            }
          }),
        { name: `batch ${batch}` },
      ),
    ),
  );
  return `${results.length} groups of 100`;
}
