// A group is one unit: a single member can't be cancelled, unless the group was opened for that.
export default async function main({ taskGroup }) {
  await taskGroup({ name: "one unit" }, async (group) => {
    const slow = group.createTask(({ sleep }) => sleep(1200), { name: "slow" });
    group.createTask(({ sleep }) => sleep(800), { name: "other" });
    await group.sleep(300);
    console.log(`slow.cancel() gave ${slow.cancel()}`); // false, and noted on its lane
  });

  await taskGroup({ name: "one by one", memberCancel: true }, async (group) => {
    const slow = group.createTask(({ sleep }) => sleep(1200), { name: "slow, again" });
    group.createTask(({ sleep }) => sleep(800), { name: "other, again" });
    await group.sleep(300);
    console.log(`slow.cancel() gave ${slow.cancel()}`); // true: this one alone ends
  });
}
