import { Fifo } from "./fifo.ts";
import type { Rare } from "./rare.ts";
import type { TaskRecord } from "./task.ts";

/**
 * Starts the members of a group: in the order of creation, on a microtask (ME-2), at most `limit` at once (LI-1). Members
 * created in one go start in one microtask, unless the host's async context might differ between them: then each has a
 * microtask that it made itself, because a promise reaction keeps the context of whoever attached it (ME-14).
 */
export class StartQueue {
  private readonly limit: number;
  private running = 0;
  private arrivals: Fifo | undefined;
  private readonly waiting: Fifo = new Fifo();
  /** Members on their way to a microtask. */
  private arriving = 0;
  /** While the body runs its first synchronous part, what it creates arrives when this settles. */
  private body: Promise<void> | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  /**
   * Calls the body and lets what it creates at once start only after the group has begun to follow it: a body that throws
   * before its first wait starts nobody, as in asyncio.
   */
  holdDuring<T>(body: () => T): T {
    let open: (() => void) | undefined;
    this.body = new Promise((resolve) => {
      open = resolve;
    });
    const result = body();
    this.body = undefined;
    open?.();
    return result;
  }

  /** Nobody waits to start. */
  get isEmpty(): boolean {
    return this.arriving === 0 && this.waiting.head === undefined;
  }

  add(task: TaskRecord, eager: boolean): void {
    if (eager && this.arriving === 0 && this.hasRoom(task)) return this.start(task);
    this.arriving++;
    const { adapter } = task.runtime;
    if (adapter.mayHaveContext?.() !== false) {
      if (adapter.defer === undefined) return this.arriveAlone(task);
      this.keepContext(task.own, task);
    }
    if (this.arrivals === undefined) {
      this.arrivals = new Fifo();
      this.arriveTogether();
    }
    this.arrivals.push(task);
  }

  // A method that makes a function over its parameters allocates room for them at each call, also where it doesn't come to
  // that: add() and arrive(), which are called for every member, make none themselves.

  private arriveAlone(task: TaskRecord): void {
    void (this.body ?? Promise.resolve()).then(() => this.arrive(task));
  }

  private arriveTogether(): void {
    void (this.body ?? Promise.resolve()).then(() => this.arriveAll());
  }

  /** A member that held a slot has really ended: the first that waits gets it. */
  release(): void {
    this.running--;
    if (this.waiting.head !== undefined) this.startNext();
  }

  private startNext(): void {
    for (let task = this.waiting.head; task !== undefined; task = this.waiting.head) {
      if (task.state === "pending" && !this.hasSlot()) return;
      this.waiting.shift();
      if (task.state !== "pending") continue;
      this.take(task);
      this.startTaken(task);
    }
  }

  private startTaken(task: TaskRecord): void {
    const wake = task.rare?.wake;
    if (wake === undefined) return task.run();
    this.arriving++;
    wake();
  }

  private arriveAll(): void {
    const arrivals = this.arrivals as Fifo;
    // What these create arrives on a microtask of its own, after the group has heard of those that threw (ME-4).
    this.arrivals = undefined;
    if (arrivals.head?.runtime.adapter.defer !== undefined) return this.arriveDeferred(arrivals);
    for (let task = arrivals.shift(); task !== undefined; task = arrivals.shift()) this.arrive(task);
  }

  private arrive(task: TaskRecord): void {
    this.arriving--;
    if (task.state !== "pending") return;
    if (this.hasRoom(task)) return this.start(task);
    this.waiting.push(task);
    if (task.runtime.adapter.mayHaveContext?.() !== false) this.keepContext(task.own, task);
  }

  /** Slots go to those who came first (LI-1); those who got one start in the order that the adapter likes. */
  private arriveDeferred(arrivals: Fifo): void {
    for (let task = arrivals.shift(); task !== undefined; task = arrivals.shift()) {
      if (task.state === "pending" && this.hasRoom(task)) {
        if (!task.isBackground) this.take(task);
        this.startDeferred(task);
      } else {
        this.arriving--;
        if (task.state === "pending") this.waiting.push(task);
      }
    }
  }

  private startDeferred(task: TaskRecord): void {
    task.runtime.adapter.defer?.(() => {
      this.arriving--;
      if (task.state === "pending") this.startTaken(task);
    });
  }

  private keepContext(own: Rare, task: TaskRecord): void {
    void new Promise<void>((resolve) => {
      own.wake = resolve;
    }).then(() => {
      own.wake = undefined;
      this.arriving--;
      if (task.state === "pending") task.run();
    });
  }

  private hasSlot(): boolean {
    return this.running < this.limit;
  }

  private hasRoom(task: TaskRecord): boolean {
    return task.isBackground || (this.hasSlot() && this.waiting.head === undefined);
  }

  private start(task: TaskRecord): void {
    if (!task.isBackground) this.take(task);
    task.run();
  }

  private take(task: TaskRecord): void {
    this.running++;
    task.slot = "held";
  }
}
