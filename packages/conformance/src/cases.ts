import type { Case } from "./case.ts";
import { abandoning } from "./cases/abandoning.ts";
import { abortCallbacks } from "./cases/abort-callbacks.ts";
import { asCompleted } from "./cases/as-completed.ts";
import { backgroundTasks } from "./cases/background-tasks.ts";
import { cancellationReasons } from "./cases/cancellation-reasons.ts";
import { cancellation } from "./cases/cancellation.ts";
import { cleanups } from "./cases/cleanups.ts";
import { deadlines } from "./cases/deadlines.ts";
import { detachedTasks } from "./cases/detached-tasks.ts";
import { draining } from "./cases/draining.ts";
import { durations } from "./cases/durations.ts";
import { exceptStars } from "./cases/except-star.ts";
import { exceptionGroups } from "./cases/exception-groups.ts";
import { firstSuccess } from "./cases/first-success.ts";
import { foreignScopes } from "./cases/foreign-scopes.ts";
import { formattedErrors } from "./cases/formatted-errors.ts";
import { gather } from "./cases/gather.ts";
import { groupCancel } from "./cases/group-cancel.ts";
import { instruments } from "./cases/instruments.ts";
import { lifecycle } from "./cases/lifecycle.ts";
import { asyncContext } from "./cases/async-context.ts";
import { awaiting } from "./cases/awaiting.ts";
import { backgroundMembers } from "./cases/background-members.ts";
import { collectedFailures } from "./cases/collected-failures.ts";
import { errors } from "./cases/errors.ts";
import { failFast } from "./cases/fail-fast.ts";
import { failedTasks } from "./cases/failed-tasks.ts";
import { fatalErrors } from "./cases/fatal-errors.ts";
import { liveMembers } from "./cases/live-members.ts";
import { memberCancel } from "./cases/member-cancel.ts";
import { memberStarts } from "./cases/member-starts.ts";
import { members } from "./cases/members.ts";
import { openTaskGroups } from "./cases/open-task-group.ts";
import { outcomes } from "./cases/outcomes.ts";
import { shuttingDown } from "./cases/shutting-down.ts";
import { start } from "./cases/start.ts";
import { supervision } from "./cases/supervision.ts";
import { suppressedErrors } from "./cases/suppressed-errors.ts";
import { taskHandles } from "./cases/task-handles.ts";
import { unhandledRejections } from "./cases/unhandled-rejections.ts";
import { limits } from "./cases/limits.ts";
import { map } from "./cases/map.ts";
import { nestedDeadlines } from "./cases/nested-deadlines.ts";
import { outsideCancellation } from "./cases/outside-cancellation.ts";
import { outsideSignals } from "./cases/outside-signals.ts";
import { policies } from "./cases/policies.ts";
import { residue } from "./cases/residue.ts";
import { scopeMethods } from "./cases/scope-methods.ts";
import { seeing } from "./cases/seeing.ts";
import { semaphores } from "./cases/semaphores.ts";
import { shields } from "./cases/shields.ts";
import { signals } from "./cases/signals.ts";
import { splittingGroups } from "./cases/splitting-groups.ts";
import { stacks } from "./cases/stacks.ts";
import { asyncEvent } from "./cases/sync/async-event.ts";
import { barrier } from "./cases/sync/barrier.ts";
import { condition } from "./cases/sync/condition.ts";
import { mutex } from "./cases/sync/mutex.ts";
import { queueShutdown } from "./cases/sync/queue-shutdown.ts";
import { queueValues } from "./cases/sync/queue-values.ts";
import { queues } from "./cases/sync/queues.ts";
import { waits } from "./cases/sync/waits.ts";
import { runtimes } from "./cases/runtimes.ts";
import { browsers } from "./cases/browsers.ts";
import { platformSignals } from "./cases/platform-signals.ts";
import { node } from "./cases/node.ts";
import { servers } from "./cases/servers.ts";
import { workerInvocations } from "./cases/worker-invocations.ts";
import { workerLimits } from "./cases/worker-limits.ts";
import { workerRequests } from "./cases/worker-requests.ts";

/** Every case that is a function. */
export const cases: readonly Case[] = [
  ...lifecycle,
  ...liveMembers,
  ...shuttingDown,
  ...openTaskGroups,
  ...suppressedErrors,
  ...members,
  ...memberStarts,
  ...taskHandles,
  ...awaiting,
  ...memberCancel,
  ...backgroundMembers,
  ...start,
  ...asyncContext,
  ...outcomes,
  ...fatalErrors,
  ...failFast,
  ...collectedFailures,
  ...supervision,
  ...errors,
  ...failedTasks,
  ...unhandledRejections,
  ...gather,
  ...firstSuccess,
  ...asCompleted,
  ...map,
  ...policies,
  ...detachedTasks,
  ...backgroundTasks,
  ...cleanups,
  ...scopeMethods,
  ...mutex,
  ...asyncEvent,
  ...condition,
  ...barrier,
  ...queues,
  ...queueShutdown,
  ...queueValues,
  ...waits,
  ...seeing,
  ...instruments,
  ...stacks,
  ...foreignScopes,
  ...cancellation,
  ...cancellationReasons,
  ...signals,
  ...outsideSignals,
  ...groupCancel,
  ...outsideCancellation,
  ...draining,
  ...abandoning,
  ...residue,
  ...abortCallbacks,
  ...shields,
  ...deadlines,
  ...nestedDeadlines,
  ...durations,
  ...limits,
  ...semaphores,
  ...exceptionGroups,
  ...splittingGroups,
  ...formattedErrors,
  ...exceptStars,
  ...runtimes,
  ...browsers,
  ...platformSignals,
  ...node,
  ...servers,
  ...workerRequests,
  ...workerInvocations,
  ...workerLimits,
];
