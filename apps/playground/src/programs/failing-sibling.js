// One fails, all stop: a failing member cancels the others, and the error says whose it was.
async function load(path, signal) {
  const response = await fetch(path, { signal });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()).title;
}

export default async function main({ taskGroup }) {
  return taskGroup({ name: "profile" }, (group) => {
    group.createTask(({ signal }) => load("/api/page/1?delay=200", signal), { name: "user" });
    group.createTask(({ signal }) => load("/api/fail?delay=600", signal), { name: "orders" });
    group.createTask(({ signal }) => load("/api/page/3?delay=2000", signal), { name: "friends" });
    group.createTask(({ signal }) => load("/api/hang", signal), { name: "messages" });
  });
}
