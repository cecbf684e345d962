import { failAfter, now, runtime, sleep, taskGroup } from "@cohort/universal";
import { createTestRuntime, explore, useVirtualTime, withVirtualTime } from "@cohort/testing";

/** Virtual time where there is no test runner: in a worker, in a page. Gives what each part came to. */
export async function portable(): Promise<Readonly<Record<string, unknown>>> {
  const jumped = await withVirtualTime(runtime, async (clock) => {
    await sleep(3_600_000);
    return [clock.elapsed, now()];
  });

  const deadline = await withVirtualTime(runtime, () => nameOfError(failAfter(10, (scope) => scope.sleep(20))));

  const shuffled = await withVirtualTime(runtime, { seed: 3 }, async () => {
    let order = "";
    await taskGroup(({ createTask }) => {
      for (const name of "abc") createTask(({ sleep: pause }) => pause(5).then(() => (order += name)));
    });
    return order;
  });

  const deadlock = await nameOfError(
    withVirtualTime(runtime, { patience: 50 }, () => taskGroup(({ abortable }) => abortable(new Promise(() => {})))),
  );

  const test = createTestRuntime();
  await test.taskGroup(({ createTask }) => void createTask(({ sleep: pause }) => pause(50)));
  const own = test.clock.elapsed;
  await test.clock.close();

  const { schedules } = await explore(
    async ({ taskGroup: group, step }) => {
      await group(({ createTask }) => {
        for (const name of ["a", "b", "c"]) createTask((task) => step(task), { name });
      });
    },
    () => {},
  );

  const clock = useVirtualTime(runtime);
  await clock.close();
  const isRealAgain = Math.abs(now() - Date.now()) < 60_000;
  return { jumped, deadline, shuffled, deadlock, own, schedules, isRealAgain };
}

function nameOfError(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "none",
    (error: Error) => error.name,
  );
}
