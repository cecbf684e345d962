import { channel } from "node:diagnostics_channel";
import type { Instrument } from "@cohort/core";
import { bindChannels } from "@cohort/universal/channels";

/** The instrument behind the channels `cohort:task` and `cohort:group`, while one has a subscriber. */
export const channelInstrument: () => Instrument | undefined = /* @__PURE__ */ bindChannels(channel);
