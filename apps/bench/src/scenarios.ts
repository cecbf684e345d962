import { LIMITED, UNLIMITED } from "./contenders.ts";
import { SMALL } from "./groups.ts";
import { STREAMS } from "./streams.ts";

/** A table: some contenders at some sizes, against the first of them. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly contenders: readonly string[];
  readonly sizes: readonly number[];
  /** What is said of a contender beside its figure: a ratio to the first, or what it needs beyond the first. */
  readonly compare: "ratio" | "extra";
  /** What cohort is to need at most, in what `compare` says. */
  readonly target?: number;
}

const SIZES = [1e3, 1e4, 1e5, 1e6];

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "unlimited",
    title: "trivial members, no limit",
    unit: "ns of CPU per member",
    contenders: Object.keys(UNLIMITED),
    sizes: SIZES,
    compare: "ratio",
    target: 1.6,
  },
  {
    name: "limit 100",
    title: "trivial members, 100 at a time",
    unit: "ns of CPU per member",
    contenders: Object.keys(LIMITED),
    sizes: SIZES,
    compare: "ratio",
    target: 0.7,
  },
  {
    name: "pending",
    title: "members that wait",
    unit: "bytes of heap per member",
    contenders: ["bare async functions", "cohort"],
    sizes: SIZES,
    compare: "extra",
    target: 600,
  },
  {
    name: "cancel",
    title: "cancelling sleeping members",
    unit: "ns of CPU per member",
    contenders: ["by hand", "cohort"],
    sizes: [1e4, 1e5],
    compare: "ratio",
    target: 1.5,
  },
  {
    name: "groups",
    title: "groups of two members, one after the other, under one signal",
    unit: "ns of CPU per group",
    contenders: Object.keys(SMALL),
    sizes: [1e4, 1e5],
    compare: "ratio",
  },
  {
    name: "stream",
    title: "an asynchronous source mapped, 100 items at a time",
    unit: "kB of heap held at most",
    contenders: Object.keys(STREAMS),
    sizes: [1e4, 1e5, 1e6, 1e7],
    compare: "extra",
  },
];
