// A stuck member: work that doesn't listen to its cancellation holds up its group, and is named.
const legacyCall = () => new Promise((resolve) => setTimeout(resolve, 4000));

async function failSoon({ sleep }) {
  await sleep(300);
  throw new Error("out of paper");
}

async function attempt(name, options, { taskGroup }) {
  try {
    await taskGroup({ name, ...options }, (group) => {
      group.createTask(() => legacyCall(), { name: `stuck, ${name}` });
      group.createTask(failSoon, { name: `fails, ${name}` });
    });
  } catch (error) {
    console.log(`${name}: ${error.errors.map(({ message }) => message).join("; ")}`);
  }
}

export default async function main(group) {
  // Nothing outlives a group: this one waits, and says after a second for whom.
  await attempt("waits", { grace: 1000 }, group);
  // This one gives up after two, and the error lists what it left behind.
  await attempt("gives up", { grace: 1000, abandonAfter: 2000 }, group);
  await group.sleep(2500); // long enough to see the abandoned one end
}
