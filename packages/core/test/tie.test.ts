import { InvalidStateError, type RuntimeAdapter, type Scope, type TaskGroup } from "@cohort/core";
import { expect, it, vi } from "vitest";
import { outcomeOf, virtualRuntime } from "./virtual-runtime.ts";

/** A host in which each block belongs to whoever opens it, and nobody else may use what is under it. */
function tied(): ReturnType<typeof virtualRuntime> & { by: string } {
  const tie: NonNullable<RuntimeAdapter["tie"]> = () => {
    const owner = host.by;
    return ({ title }) => {
      if (host.by !== owner) throw new InvalidStateError(`${title} belongs to ${owner}`);
    };
  };
  const host = { ...virtualRuntime({ tie }), by: "A" };
  return host;
}

/** Each way to use a scope that somebody else has opened. */
const uses: readonly (readonly [string, (scope: Scope) => unknown])[] = [
  ["taskGroup", (scope) => scope.taskGroup(() => {})],
  ["openTaskGroup", async (scope) => scope.openTaskGroup()],
  ["gather", (scope) => scope.gather([() => 1])],
  ["firstSuccess", (scope) => scope.firstSuccess([() => 1])],
  ["asCompleted", (scope) => scope.asCompleted([() => 1]).next()],
  ["map", (scope) => scope.map([1], (n) => n).toArray()],
  ["failAfter", (scope) => scope.failAfter(5, () => {})],
  ["failAt", (scope) => scope.failAt(1e15, () => {})],
  ["moveOnAfter", (scope) => scope.moveOnAfter(5, () => {})],
  ["shield", (scope) => scope.shield(() => {})],
  ["sleep", (scope) => scope.sleep(5)],
  ["abortable", (scope) => scope.abortable(Promise.resolve())],
  ["onCancel", async (scope) => scope.onCancel(() => {})],
];

const usesOfGroups: readonly (readonly [string, (group: TaskGroup) => unknown])[] = [
  ["createTask", async (group) => group.createTask(() => {})],
  ["start", (group) => group.start((_task, started) => started())],
  ["cancel", async (group) => group.cancel()],
  ["idle", (group) => group.idle()],
];

async function attempt<S>(use: (scope: S) => unknown, scope: S): Promise<unknown> {
  return use(scope);
}

it.each(uses)("RT-5 a scope may be used by its owner alone: %s", async (_name, use) => {
  const host = tied();
  const refused = async (scope: Scope): Promise<unknown> => {
    host.by = "B";
    const stranger = outcomeOf(attempt(use, scope));
    host.by = "A";
    const outcome = await stranger;
    await use(scope); // its owner may
    return outcome;
  };
  await host.run(() =>
    host.taskGroup({ name: "outer" }, async (group) => {
      const belongs = (title: string) => ({ error: new InvalidStateError(`${title} belongs to A`) });
      expect(await refused(group)).toEqual(belongs('TaskGroup "outer"'));
      const inner = group.openTaskGroup({ name: "inner" });
      expect(await refused(inner)).toEqual(belongs('TaskGroup "inner"'));
      await inner.join();
      const outcome = await group.createTask(refused, { name: "member" });
      expect(outcome).toEqual(belongs('task "member"'));
    }),
  );
});

it.each(usesOfGroups)("RT-5 a group may be used by its owner alone: %s", async (_name, use) => {
  const host = tied();
  await host.run(() =>
    host.taskGroup({ name: "kept" }, async (group) => {
      host.by = "B";
      const stranger = outcomeOf(attempt(use, group));
      host.by = "A";
      expect(await stranger).toEqual({ error: new InvalidStateError('TaskGroup "kept" belongs to A') });
      expect([group.isCancelled(), group.size]).toEqual([false, 0]);
    }),
  );
});

it("RT-5 a stranger's join() and cancel() change nothing for the owner", async () => {
  const host = tied();
  await host.run(async () => {
    const group = host.openTaskGroup({ name: "open", memberCancel: true });
    const member = group.createTask(({ sleep }) => sleep(5), { name: "member" });
    const detached = host.detach(({ sleep }) => sleep(5), { name: "detached" });
    host.by = "B";
    const joining = outcomeOf(group.join());
    expect(() => member.cancel()).toThrow('task "member" belongs to A');
    expect(() => detached.cancel()).toThrow('task "detached" belongs to A');
    host.by = "A";
    expect(await joining).toEqual({ error: new InvalidStateError('TaskGroup "open" belongs to A') });
    await group.join();
    await detached;
    expect([member.state, detached.state]).toEqual(["done", "done"]);
  });
});

it("RT-5 a host is asked once for each block that stands alone, and never for what is under it", async () => {
  const tie = vi.fn(() => () => {});
  const { taskGroup, run } = virtualRuntime({ tie });
  await run(() =>
    taskGroup((group) => group.gather([({ sleep }) => sleep(1), ({ failAfter }) => failAfter(5, () => {})])),
  );
  expect(tie).toHaveBeenCalledTimes(1);
});
