import type { TaskInfo } from "@cohort/browser";

/** What is open, as far as instruments tell. */
export interface KnownScope {
  readonly id: number;
  readonly name: string;
  readonly kind: "group" | "task" | "deadline" | "shield";
  readonly parent: KnownScope | undefined;
  readonly key: string;
  isRunning: boolean;
  /** How many blocks have been opened right below it. */
  blocks: number;
  /** Of a deadline or shield: how much of what is open is right below it. */
  open: number;
  /** Why it was cancelled, if it was what the cancellation began with. */
  cancelledBy: string | undefined;
}

/** The names that deadlines and shields get if they get none end with their id. */
const UNNAMED = /^(Deadline|Shield)-(\d+)$/;

/**
 * Finds out what stands under what. Of a task the instruments say which group it is in; of a group they give the path, in
 * which two scopes can have the same name, and which also tells of the deadlines and shields on the way, for which there
 * is no hook.
 */
export class ScopeTree {
  private readonly byId = new Map<number, KnownScope>();
  private readonly byPath = new Map<string, Set<KnownScope>>();
  private readonly infer: (scope: KnownScope) => void;
  private lastMade = 0;

  /** `infer` is called for each deadline or shield that has come to light by what is under it. */
  constructor(infer: (scope: KnownScope) => void) {
    this.infer = infer;
  }

  get(id: number): KnownScope | undefined {
    return this.byId.get(id);
  }

  add(info: TaskInfo, kind: KnownScope["kind"], parent: KnownScope | undefined): KnownScope {
    const { id, name, path } = info;
    const scope: KnownScope = {
      id,
      name,
      kind,
      parent,
      key: keyOf(path),
      isRunning: kind !== "task",
      blocks: 0,
      open: 0,
      cancelledBy: undefined,
    };
    this.byId.set(id, scope);
    const others = this.byPath.get(scope.key);
    if (others === undefined) this.byPath.set(scope.key, new Set([scope]));
    else others.add(scope);
    if (parent !== undefined) {
      parent.open++;
      if (kind !== "task") parent.blocks++;
    }
    return scope;
  }

  /** Takes out what has ended, and gives the deadlines and shields that have nothing left below them, the innermost first. */
  remove(scope: KnownScope): readonly KnownScope[] {
    this.forget(scope);
    const { parent } = scope;
    if (parent === undefined) return [];
    parent.open--;
    return isInferred(parent) && parent.open === 0 ? this.drop(parent) : [];
  }

  /** Takes out a deadline or shield with nothing below it, and those that this leaves with nothing. */
  drop(scope: KnownScope): readonly KnownScope[] {
    return [scope, ...this.remove(scope)];
  }

  /** What a scope with this path stands under; undefined at the top. */
  parentOf(path: readonly string[]): KnownScope | undefined {
    if (path.length < 2) return undefined;
    const above = path.slice(0, -1);
    // Of two with the same name, the one that has opened the least, and of these the first: they run in order.
    let best: KnownScope | undefined;
    for (const scope of this.byPath.get(keyOf(above)) ?? [])
      if (scope.isRunning && (best === undefined || scope.blocks < best.blocks)) best = scope;
    return best ?? this.inferred(above);
  }

  /** A deadline or shield that is known by its path, or by its cancellation. */
  inferred(path: readonly string[], knownId?: number): KnownScope {
    const name = path.at(-1) as string;
    const parent = this.parentOf(path);
    // A service's function runs under its task, by the same name: to whoever looks that is one.
    if (parent?.kind === "task" && parent.name === name) return parent;
    const [, word, number] = UNNAMED.exec(name) ?? [];
    const id = knownId ?? (number === undefined ? --this.lastMade : Number(number));
    const scope = this.add({ id, name, path }, word === "Shield" ? "shield" : "deadline", parent);
    this.infer(scope);
    return scope;
  }

  /** The scope that an instrument was told of: by its id, or, of a deadline that was given a name, by its path. */
  find({ id, path }: TaskInfo): KnownScope | undefined {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    for (const scope of this.byPath.get(keyOf(path)) ?? []) if (scope.id < 0) return scope;
    return undefined;
  }

  private forget(scope: KnownScope): void {
    this.byId.delete(scope.id);
    const others = this.byPath.get(scope.key);
    others?.delete(scope);
    if (others?.size === 0) this.byPath.delete(scope.key);
  }
}

export function isInferred({ kind }: KnownScope): boolean {
  return kind === "deadline" || kind === "shield";
}

function keyOf(path: readonly string[]): string {
  return path.join("\u0000");
}
