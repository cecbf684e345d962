import { bindAbortable, type For, type Runtime } from "@cohort/core";

/** A wait of no certain length: whoever explores decides when it settles. */
export interface Step {
  readonly label: string;
  readonly scope: For | null;
  readonly resolve: () => void;
}

/** The steps that wait to settle. */
export class Steps {
  private readonly begun: Set<Step> = new Set();
  private readonly labels: Set<string> = new Set();
  private readonly runtime: Runtime;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** Begins a step for a scope, whose cancellation ends it, or for nobody (`null`). */
  readonly step = (scope: For | null, label?: string): Promise<void> => {
    let resolve: () => void = () => {};
    const settled = new Promise<void>((settle) => {
      resolve = settle;
    });
    const name = label ?? (scope !== null && "name" in scope ? scope.name : "step");
    const step: Step = { label: this.unique(name), scope, resolve };
    this.begun.add(step);
    return scope === null ? settled : bindAbortable(this.runtime)(settled, scope);
  };

  /** In the order in which they began. */
  get waiting(): readonly Step[] {
    return [...this.begun].filter(({ scope }) => !isCancelled(scope));
  }

  settle(step: Step): void {
    this.begun.delete(step);
    step.resolve();
  }

  /** The name, or the name with a number: no two steps of a run have one label. */
  private unique(name: string): string {
    let label = name;
    for (let count = 2; this.labels.has(label); count++) label = `${name}#${count}`;
    this.labels.add(label);
    return label;
  }
}

function isCancelled(scope: For | null): boolean {
  if (scope === null) return false;
  return "aborted" in scope ? scope.aborted : scope.isCancelled();
}
