import type { TraceEvent } from "./trace.ts";

/** A group or a task, and what became of it. */
interface Lane {
  readonly depth: number;
  readonly name: string;
  readonly events: TraceEvent[];
  readonly children: Lane[];
}

const WIDTH = 100;
/** What a lane shows from an event on, and at the event itself. */
const MARKS: Partial<Record<TraceEvent["event"], readonly [at: string, after: string]>> = {
  create: ["·", "·"],
  open: ["├", "─"],
  start: ["├", "─"],
  cancel: ["╳", "╌"],
  done: ["✓", " "],
  failed: ["✗", " "],
  cancelled: ["○", " "],
  "dead on arrival": ["○", " "],
  close: ["┤", " "],
};

/** Draws a trace as text: a line a group or task under the one that it belongs to, a column a moment. */
export function drawTimeline(
  events: readonly TraceEvent[],
  { width = WIDTH }: { readonly width?: number } = {},
): string {
  const moments = [...new Set(events.map(({ at }) => at))];
  const lanes = flatten(lanesOf(events));
  const margin = lanes.reduce((most, [lane, depth]) => Math.max(most, 2 * depth + lane.name.length), 2) + 2;
  const columns = Math.max(1, Math.min(moments.length, width - margin));
  const cell = Math.min(8, Math.max(1, Math.floor((width - margin) / columns)));
  // More moments than columns share them.
  const columnAt = new Map(moments.map((at, index) => [at, Math.floor((index * columns) / moments.length) * cell]));
  const columnOf = (at: number): number => columnAt.get(at) as number;
  const lines = lanes.map(([lane, depth]) => {
    const head = `${"  ".repeat(depth)}${lane.name}`.padEnd(margin);
    return `${head}${strip(lane, columnOf, columns * cell)}${endOf(lane)}`.trimEnd();
  });
  return [`${"ms".padEnd(margin)}${ruler(moments, columnOf)}`.trimEnd(), ...lines].join("\n");
}

function lanesOf(events: readonly TraceEvent[]): Lane[] {
  const roots: Lane[] = [];
  const byId = new Map<number, Lane>();
  const byPath = new Map<string, Lane>();
  for (const event of events) {
    const { id, path } = event;
    if (id === 0) continue;
    let lane = byId.get(id);
    if (lane === undefined) {
      lane = { depth: path.length, name: path.at(-1) ?? "", events: [], children: [] };
      byId.set(id, lane);
      (nearest(byPath, path)?.children ?? roots).push(lane);
      byPath.set(JSON.stringify(path), lane);
    }
    lane.events.push(event);
    // It is told of the scope that it began with; what runs under that drains from now on, too.
    if (event.event === "cancel") drain(lane, event);
  }
  return roots;
}

/** A deadline or a shield has no lane of its own; what it holds belongs to whoever opened it. */
function nearest(byPath: ReadonlyMap<string, Lane>, path: readonly string[]): Lane | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const lane = byPath.get(JSON.stringify(path.slice(0, length)));
    if (lane !== undefined) return lane;
  }
  return undefined;
}

/** What stands in something without a lane may be shielded: it isn't said to drain. */
function drain({ depth, children }: Lane, event: TraceEvent): void {
  for (const child of children) {
    if (child.depth > depth + 1) continue;
    if (isRunning(child)) child.events.push(event);
    drain(child, event);
  }
}

function isRunning({ events }: Lane): boolean {
  return MARKS[events.at(-1)?.event ?? "done"]?.[1] === "─";
}

function flatten(lanes: readonly Lane[], depth = 0): (readonly [Lane, number])[] {
  return lanes.flatMap((lane) => [[lane, depth] as const, ...flatten(lane.children, depth + 1)]);
}

function strip({ events }: Lane, columnOf: (at: number) => number, length: number): string {
  const cells = Array.from({ length }, () => " ");
  for (const { at, event } of events) {
    const marks = MARKS[event];
    if (marks === undefined) continue;
    cells.fill(marks[1], columnOf(at));
    cells[columnOf(at)] = marks[0];
  }
  return cells.join("");
}

function endOf({ events }: Lane): string {
  const details = events.flatMap(({ event, detail }) =>
    detail !== undefined && ["close", "failed", "straggler", "error", "warning"].includes(event) ? `  ${detail}` : [],
  );
  return details.join("");
}

/** The moments above their columns, as many as fit. */
function ruler(moments: readonly number[], columnOf: (at: number) => number): string {
  let text = "";
  for (const at of moments) {
    const column = columnOf(at);
    if (text === "" || column > text.length) text = `${text.padEnd(column)}${at}`;
  }
  return text;
}
