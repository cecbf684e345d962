import type { Scope } from "@cohort/core";
import { type Case, caseOf } from "../case.ts";
import { equal, rejectionOf, same } from "../check.ts";
import type { Surface } from "../surface.ts";
import { errorsOf } from "./errors-of.ts";
import { linger } from "./linger.ts";
import { pause } from "./pause.ts";

type Run = (scope: Pick<Scope, "signal" | "sleep">) => Promise<unknown>;
type Name = Exclude<keyof Scope & keyof Surface, "abortable" | "sleep">;

/** How each of them runs one function: as a method of a scope, and from outside with a parent. */
const runners: Record<
  Name,
  readonly [
    nested: (scope: Scope, run: Run) => Promise<unknown>,
    outside: (api: Surface, parent: Scope, run: Run) => Promise<unknown>,
  ]
> = {
  taskGroup: [({ taskGroup }, run) => taskGroup(run), ({ taskGroup }, parent, run) => taskGroup({ parent }, run)],
  openTaskGroup: [
    ({ openTaskGroup }, run) => joined(openTaskGroup(), run),
    ({ openTaskGroup }, parent, run) => joined(openTaskGroup({ parent }), run),
  ],
  failAfter: [
    ({ failAfter }, run) => failAfter(1e6, run),
    ({ failAfter }, parent, run) => failAfter(1e6, run, { parent }),
  ],
  failAt: [
    ({ failAt }, run) => failAt(new Date(Date.now() + 1e6), run),
    ({ failAt }, parent, run) => failAt(new Date(Date.now() + 1e6), run, { parent }),
  ],
  moveOnAfter: [
    ({ moveOnAfter }, run) => moveOnAfter(1e6, run),
    ({ moveOnAfter }, parent, run) => moveOnAfter(1e6, run, { parent }),
  ],
  gather: [({ gather }, run) => gather([run]), ({ gather }, parent, run) => gather([run], { parent })],
  firstSuccess: [
    ({ firstSuccess }, run) => firstSuccess([run]),
    ({ firstSuccess }, parent, run) => firstSuccess([run], { parent }),
  ],
  asCompleted: [
    ({ asCompleted }, run) => asCompleted([run]).next(),
    ({ asCompleted }, parent, run) => asCompleted([run], { parent }).next(),
  ],
  map: [
    ({ map }, run) => map([0], (_item, task) => run(task)).next(),
    ({ map }, parent, run) => map([0], (_item, task) => run(task), { parent }).next(),
  ],
};

async function joined(group: ReturnType<Surface["openTaskGroup"]>, run: Run): Promise<unknown> {
  group.createTask(run);
  return group.join();
}

const names = Object.keys(runners) as Name[];
const boom = new Error("boom");
const stop = new Error("stop");

const nested: readonly Case[] = [
  caseOf(
    "CO-1",
    "cancelled-with-parent",
    "cancels a nested group with its parent, by the same reason, and drains it first",
    { needs: ["scope.taskGroup", "option.signal"] },
    async (trial) => {
      const controller = trial.controller();
      setTimeout(() => controller.abort(stop), 10);
      const reasons: unknown[] = [];
      const error = await rejectionOf(
        trial.api.taskGroup({ signal: controller.signal }, (outer) => {
          outer.createTask(async (task) => {
            reasons.push(await rejectionOf(task.taskGroup((inner) => linger(trial, "inner", 5)(inner))));
            throw stop;
          });
        }),
      );
      trial.say("settled");
      equal([reasons, trial.log], [[stop], ["15 inner cleaned up", "15 settled"]], "the inner reason and the log");
      same(error, stop, "the error");
    },
  ),
  caseOf(
    "CO-1",
    "group-in-group",
    "has an inner failure that isn't caught as one failure of the outer group: a group in the group",
    { needs: ["scope.taskGroup"] },
    async ({ api }) => {
      const error = await rejectionOf(
        api.taskGroup((outer) => {
          outer.createTask((task) =>
            task.taskGroup((inner) => {
              inner.createTask(() => Promise.reject("a"));
              inner.createTask(() => Promise.reject("b"));
            }),
          );
        }),
      );
      equal(errorsOf(error).length, 1, "the number of outer errors");
      const inner: unknown = errorsOf(error)[0];
      equal(errorsOf(inner), ["a", "b"], "the inner errors");
    },
  ),
  caseOf(
    "CO-1",
    "caught",
    "leaves the outer group alone if an inner failure is caught",
    { needs: ["scope.taskGroup"] },
    async (trial) => {
      const value = await trial.api.taskGroup(async (outer) => {
        const other = outer.createTask((task) => trial.sleep(task, 10).then(() => "fine"));
        await outer.taskGroup((inner) => void inner.createTask(() => Promise.reject(boom))).catch(() => {});
        return [await other];
      });
      equal(value, ["fine"]);
    },
  ),
  caseOf(
    "CO-1",
    "not-awaited",
    "waits for a nested group that nobody awaits",
    { needs: ["scope.taskGroup"] },
    async ({ api, clock }) => {
      await api.taskGroup((outer) => {
        void outer.taskGroup((inner) => void inner.createTask(() => pause(10)));
      });
      equal(clock.now(), 10, "the time");
    },
  ),
  caseOf(
    "CO-1",
    "inner-cancel",
    "lets the outer group run on when the inner one is cancelled by its own cancel()",
    { needs: ["scope.taskGroup", "group.cancel"] },
    async (trial) => {
      const value = await trial.api.taskGroup(async (outer) => {
        await outer.taskGroup((inner) => inner.cancel());
        await trial.sleep(outer, 10);
        return "went on";
      });
      equal(value, "went on");
    },
  ),
  caseOf(
    "CO-1",
    "outer-failure",
    "says nothing of an inner group that was merely cancelled by an outer failure",
    { needs: ["scope.taskGroup"] },
    async (trial) => {
      const error = await rejectionOf(
        trial.api.taskGroup((outer) => {
          outer.createTask((task) =>
            task.taskGroup((inner) => void inner.createTask((member) => trial.sleep(member, 1000))),
          );
          outer.createTask(() => pause(5).then(() => Promise.reject(boom)));
        }),
      );
      equal([errorsOf(error), trial.clock.now()], [[boom], 5], "the errors and the time");
    },
  ),
  caseOf(
    "CO-1",
    "both-fail",
    "has both an outer failure and the inner group of what failed in its cleanup",
    { needs: ["scope.taskGroup"] },
    async (trial) => {
      const error = await rejectionOf(
        trial.api.taskGroup((outer) => {
          outer.createTask((task) =>
            task.taskGroup((inner) => {
              inner.createTask((member) => trial.sleep(member, 1000).catch(() => Promise.reject("cleanup")));
            }),
          );
          outer.createTask(() => pause(5).then(() => Promise.reject(boom)));
        }),
      );
      const inner: unknown = errorsOf(error)[1];
      equal([errorsOf(error)[0], errorsOf(inner)], [boom, ["cleanup"]], "the errors");
    },
  ),
];

/** CO-1 and CO-10 */
export const scopeMethods: readonly Case[] = [
  ...nested,
  ...names.flatMap((name) => [
    caseOf(
      "CO-10",
      `${name}-nested`,
      `cancels what runs in scope.${name} with the scope, by its reason`,
      { needs: [`scope.${name}`, "option.signal"] },
      async (trial) => {
        const controller = trial.controller();
        setTimeout(() => controller.abort(stop), 10);
        const reasons: unknown[] = [];
        const error = await rejectionOf(
          trial.api.taskGroup({ signal: controller.signal }, (group) =>
            runners[name][0](group, async (scope) => {
              await trial.sleep(scope, 1000).catch(() => {});
              reasons.push(scope.signal.reason);
              await pause(5);
              throw stop;
            }),
          ),
        );
        same(error, stop, "the error");
        equal([reasons, trial.clock.now()], [[stop], 15], "the reason inside, and the time of the end");
      },
    ),
    caseOf(
      "CO-10",
      `${name}-parent`,
      `cancels what runs in ${name} with the scope that is given as its parent, which waits for it`,
      { needs: [name, "option.parent", "group.cancel"] },
      async (trial) => {
        await trial.api.taskGroup(async (group) => {
          runners[name][1](trial.api, group, linger(trial, name, 5)).catch(() => {});
          await trial.sleep(group, 10);
          group.cancel();
        });
        trial.say("settled");
        equal(trial.log, [`15 ${name} cleaned up`, "15 settled"], "the log");
      },
    ),
  ]),
  caseOf(
    "CO-10",
    "shield-nested",
    "waits for what runs in scope.shield, also if nobody awaits it",
    { needs: ["scope.shield"] },
    async ({ api, clock }) => {
      await api.taskGroup((group) => {
        void group.shield(() => pause(10));
      });
      equal(clock.now(), 10, "the time");
    },
  ),
];
