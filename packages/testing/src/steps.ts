import { bindAbortable, type For, type Runtime } from "@cohort/core";

/** A wait of no certain length: whoever explores decides when it settles. */
export interface Step {
  readonly label: string;
  readonly resolve: () => void;
}

/** The steps that wait to settle, in the order in which they began. */
export class Steps {
  readonly waiting: Set<Step> = new Set();
  private readonly counts: Map<string, number> = new Map();
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
    const step: Step = { label: this.labelOf(scope, label), resolve };
    this.waiting.add(step);
    if (scope === null) return settled;
    const promise = bindAbortable(this.runtime)(settled, scope);
    promise.catch(() => this.waiting.delete(step));
    return promise;
  };

  settle(step: Step): void {
    this.waiting.delete(step);
    step.resolve();
  }

  private labelOf(scope: For | null, label: string | undefined): string {
    const name = label ?? (scope !== null && "name" in scope ? scope.name : "step");
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  }
}
