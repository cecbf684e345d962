import type { EndState, Instrument, TaskInfo } from "@cohort/core";

/** What subscribers of `cohort:task` and `cohort:group` get. */
export interface ChannelMessage {
  readonly event:
    | "create"
    | "start"
    | "end"
    | "ignoredCancel"
    | "deadOnArrival"
    | "straggler"
    | "open"
    | "close"
    | "cancel";
  readonly task?: TaskInfo;
  readonly group?: TaskInfo | undefined;
  readonly outcome?: PromiseSettledResult<unknown>;
  /** How a task ended: the outcome of a cancelled one is a rejection, too. */
  readonly state?: EndState;
  readonly reason?: unknown;
  /** Ms since the cancellation that a straggler ignores. */
  readonly ms?: number;
}

/** As much of a diagnostics channel as is needed. */
export interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/**
 * What tells the subscribers of `cohort:task` and `cohort:group` (RT-3): gives the instrument behind the channels while one
 * has a subscriber; an adapter's `instrument`. `channel` is that of the host's `node:diagnostics_channel`.
 */
export function bindChannels(channel: (name: string) => Channel): () => Instrument | undefined {
  const tasks = channel("cohort:task");
  const groups = channel("cohort:group");
  const instrument: Instrument = {
    onTaskCreate: (task, group) => tasks.publish({ event: "create", task, group } satisfies ChannelMessage),
    onTaskStart: (task) => tasks.publish({ event: "start", task } satisfies ChannelMessage),
    onTaskEnd: (task, outcome, state) => tasks.publish({ event: "end", task, outcome, state } satisfies ChannelMessage),
    onIgnoredCancel: (task) => tasks.publish({ event: "ignoredCancel", task } satisfies ChannelMessage),
    onDeadOnArrival: (task) => tasks.publish({ event: "deadOnArrival", task } satisfies ChannelMessage),
    onStraggler: (task, ms) => tasks.publish({ event: "straggler", task, ms } satisfies ChannelMessage),
    onGroupOpen: (group) => groups.publish({ event: "open", group } satisfies ChannelMessage),
    onGroupClose: (group, outcome) => groups.publish({ event: "close", group, outcome } satisfies ChannelMessage),
    onCancel: (group, reason) => groups.publish({ event: "cancel", group, reason } satisfies ChannelMessage),
  };
  return () => (tasks.hasSubscribers || groups.hasSubscribers ? instrument : undefined);
}
