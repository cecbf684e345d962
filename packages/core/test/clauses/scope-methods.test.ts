import {
  CancelledError,
  type ExceptionGroup,
  onlyError,
  type OpenTaskGroup,
  type Scope,
  TimeoutError,
} from "@cohort/core";
import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, virtualRuntime } from "../virtual-runtime.ts";
import { linger } from "./linger.ts";

/** Everything that runs functions, as a call on a scope or from outside with a place. */
type Place = { parent?: Scope; signal?: AbortSignal };
type Outside = ReturnType<typeof virtualRuntime>;
const runners: readonly (readonly [
  name: string,
  nested: (scope: Scope, body: (scope: Scope) => Promise<unknown>) => Promise<unknown>,
  outside: ((runtime: Outside, place: Place, body: (scope: Scope) => Promise<unknown>) => Promise<unknown>) | undefined,
])[] = [
  ["taskGroup", (scope, body) => scope.taskGroup(body), ({ taskGroup }, place, body) => taskGroup(place, body)],
  [
    "failAfter",
    (scope, body) => scope.failAfter(1e6, body),
    ({ failAfter }, place, body) => failAfter(1e6, body, place),
  ],
  ["failAt", (scope, body) => scope.failAt(1e6, body), ({ failAt }, place, body) => failAt(1e6, body, place)],
  [
    "moveOnAfter",
    (scope, body) => scope.moveOnAfter(1e6, body),
    ({ moveOnAfter }, place, body) => moveOnAfter(1e6, body, place),
  ],
  [
    "openTaskGroup",
    (scope, body) => joined(scope.openTaskGroup(), body),
    ({ openTaskGroup }, place, body) => joined(openTaskGroup(place), body),
  ],
  ["shield", (scope, body) => scope.shield(body), undefined],
];

async function joined(group: OpenTaskGroup, body: (scope: Scope) => Promise<unknown>): Promise<unknown> {
  const task = group.createTask(body);
  await group.join();
  return task.result();
}

const cancellable = runners.filter(([name]) => name !== "shield");
const callable = cancellable.flatMap(([name, , outside]) => (outside === undefined ? [] : [[name, outside] as const]));

describe("CO-10 everything that runs functions is a method of every scope, nested under it", () => {
  it.each(runners)(
    "CO-10 scope.%s: the body's scope is under the scope, and the result comes back",
    async (name, nested) => {
      const { run, taskGroup } = virtualRuntime();
      const value = await run(() =>
        taskGroup({ name: "root" }, (group) =>
          group.createTask((task) => nested(task, async (scope) => scope.path.slice(0, 2)), { name: "t" }),
        ),
      );
      expect(name === "moveOnAfter" ? (value as { value: unknown }).value : value).toEqual(["root", "t"]);
    },
  );

  it.each(cancellable)("CO-10 scope.%s is cancelled with the scope, by its reason", async (_, nested) => {
    const { run, taskGroup, now, sleep } = virtualRuntime();
    const controller = new AbortController();
    const reasons: unknown[] = [];
    const error = await errorOf(
      run(() => {
        void sleep(10).then(() => controller.abort("outside"));
        return taskGroup({ signal: controller.signal }, (group) => {
          const call = nested(group, async (scope) => {
            scope.onCancel((reason) => void reasons.push(reason));
            await scope.sleep(1000);
          });
          return call.catch((caught: unknown) => {
            reasons.push(caught);
            throw caught;
          });
        });
      }),
    );
    expect([error, reasons, now()]).toEqual(["outside", ["outside", "outside"], 10]);
  });

  it.each(runners)("CO-10 the scope's block waits for scope.%s, also if nobody awaits it", async (_, nested) => {
    const { run, taskGroup, now } = virtualRuntime();
    await run(() =>
      taskGroup((group) => {
        void nested(group, ({ sleep }) => sleep(25));
      }),
    );
    expect(now()).toBe(25);
  });

  it.each(runners)("CO-10 scope.%s passes a failure of the body on", async (name, nested) => {
    const { run, taskGroup } = virtualRuntime();
    const boom = new Error("boom");
    const seen = await run(() =>
      taskGroup({ onFailure: () => {} }, (group) => errorOf(nested(group, () => Promise.reject(boom)))),
    );
    expect(name.endsWith("askGroup") ? onlyError(seen) : seen).toBe(boom);
  });

  it.each(runners)("CO-10 scope.%s passes a falsy failure of the body on", async (name, nested) => {
    const { run, taskGroup } = virtualRuntime();
    for (const thrown of [undefined, null, 0, ""]) {
      const seen = await run(() =>
        taskGroup((group) => errorOf(nested(group, () => Promise.reject(thrown))).then((error) => ({ error }))),
      );
      expect(name.endsWith("askGroup") ? (seen.error as ExceptionGroup).errors : [seen.error]).toEqual([thrown]);
    }
  });

  it("CO-10 they nest in one another, on deadlines and shields as well as on tasks and groups", async () => {
    const { run, taskGroup } = virtualRuntime();
    const depth = await run(() =>
      taskGroup((group) => {
        const nest = async (scope: Scope, left: typeof runners): Promise<unknown> =>
          left[0] === undefined ? scope.path.length : left[0][1](scope, (inner) => nest(inner, left.slice(1)));
        return nest(
          group,
          runners.filter(([name]) => name !== "moveOnAfter"),
        );
      }),
    );
    // The group itself, one scope for each runner, and the member in which the open group runs its body.
    expect(depth).toBe(1 + (runners.length - 1) + 1);
  });
});

describe("CO-10 from outside a scope it takes `parent` and `signal`", () => {
  it.each(callable)(
    "CO-10 %s({ parent }) is nested under the parent: cancelled with it, waited for by it",
    async (_, outside) => {
      const runtime = virtualRuntime();
      const { run, taskGroup, now, sleep } = runtime;
      const order: unknown[] = [];
      await run(() =>
        taskGroup({ name: "root" }, async (group) => {
          void outcomeOf(
            outside(runtime, { parent: group }, async (scope) => {
              order.push(scope.path[0]);
              await linger(scope.sleep(1000), () => sleep(5));
            }),
          ).then(() => order.push("inner"));
          await group.sleep(10);
          group.cancel();
        }),
      );
      order.push("outer");
      expect([order[0], now()]).toEqual(["root", 15]);
      expect(order).toContain("inner");
    },
  );

  it.each(callable)("CO-10 %s({ signal }) is cancelled by the signal, with its reason", async (_, outside) => {
    const runtime = virtualRuntime();
    const { run, now, sleep } = runtime;
    for (const reason of ["outside", null, new TimeoutError("not ours")]) {
      const controller = new AbortController();
      const before = now();
      const outcome = await outcomeOf(
        run(() => {
          void sleep(10).then(() => controller.abort(reason));
          return outside(runtime, { signal: controller.signal }, (scope) => scope.sleep(1000));
        }),
      );
      expect(outcome).toEqual({ error: reason });
      expect(now() - before).toBe(10);
    }
  });

  it.each(callable)(
    "CO-10 %s({ signal }) with a signal that is aborted already is cancelled from the start",
    async (_, outside) => {
      const runtime = virtualRuntime();
      const outcome = await outcomeOf(
        runtime.run(() => outside(runtime, { signal: AbortSignal.abort("gone") }, (scope) => scope.sleep(1000))),
      );
      expect([outcome, runtime.now()]).toEqual([{ error: "gone" }, 0]);
    },
  );

  it.each(callable)("CO-10 %s({ parent, signal }) obeys both", async (_, outside) => {
    const runtime = virtualRuntime();
    const { run, taskGroup } = runtime;
    const controller = new AbortController();
    const seen = await run(() =>
      taskGroup(async (group) => {
        const call = outcomeOf(
          outside(runtime, { parent: group, signal: controller.signal }, (scope) => scope.sleep(1000)),
        );
        await group.sleep(5);
        controller.abort("by signal");
        return call;
      }),
    );
    expect(seen).toEqual({ error: "by signal" });
  });

  it.each(callable)("CO-10 %s({ parent, signal: undefined }) is the same as without", async (_, outside) => {
    const runtime = virtualRuntime();
    const value = await runtime.run(() =>
      outcomeOf(outside(runtime, { parent: undefined, signal: null } as never, async () => 1)),
    );
    expect("value" in value).toBe(true);
  });

  it.each(callable)("CO-10 %s under a parent that is cancelled already starts cancelled", async (_, outside) => {
    const runtime = virtualRuntime();
    const { run, taskGroup } = runtime;
    await run(() =>
      taskGroup(async (group) => {
        group.cancel();
        const error = await errorOf(outside(runtime, { parent: group }, (scope) => scope.sleep(1000)));
        expect(error).toBe(group.reason);
        expect(error).toBeInstanceOf(CancelledError);
      }),
    );
  });
});
