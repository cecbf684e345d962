import type { Place } from "./block.ts";
import type { CancelScope } from "./cancel-scope.ts";
import { isCancellation } from "./cancellation.ts";
import { InvalidStateError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { checkCount } from "./count.ts";
import { Iteration } from "./iteration.ts";
import type { MapOptions, Mapper, MapSource } from "./map.ts";
import { inOwnContext } from "./own-context.ts";
import { listening } from "./place.ts";
import type { TaskScope } from "./scope.ts";
import { checkIterable, isIterable, Source } from "./source.ts";
import type { TaskGroupScope } from "./task-group.ts";
import type { TaskRecord } from "./task.ts";

/** The group of a map: one member pulls the items, the others make results of them (LI-3). */
export class Mapping<T, R> extends Iteration<R> {
  private items: MapSource<T> | undefined;
  private fn: Mapper<T, R> | undefined;
  private readonly limit: number;
  private readonly buffer: number;
  private readonly isOrdered: boolean;
  private readonly taskName: MapOptions<T>["taskName"];
  private index = 0;
  /** If ordered: the members in the order of their items, those before which one is missing. */
  private order: Fifo = new Fifo();
  /** How many are done and haven't been taken. */
  private kept = 0;
  /** Takes the results instead of next(). */
  private array: R[] | undefined;
  private source: Source<T> | undefined;
  private wake: (() => void) | undefined;

  constructor(
    place: Place,
    items: MapSource<T>,
    fn: Mapper<T, R>,
    options: MapOptions<T>,
    viewOf: TaskGroupScope["viewOf"],
  ) {
    if (typeof items !== "function") checkIterable("map", items);
    if (typeof fn !== "function") throw new TypeError(`map needs a function, not ${typeof fn}`);
    const { limit = Infinity, buffer = limit, ordered, taskName, timeout, grace, abandonAfter } = options;
    checkCount("limit", limit, 1);
    checkCount("buffer", buffer, 1);
    if (taskName !== undefined && typeof taskName !== "function") throw new TypeError("taskName must be a function");
    super(listening(place, options), { timeout, grace, abandonAfter }, viewOf);
    this.items = items;
    this.fn = fn;
    this.limit = limit;
    this.buffer = buffer;
    this.isOrdered = ordered !== false;
    this.taskName = taskName;
  }

  async toArray(): Promise<R[]> {
    if (this.isBegun) throw new InvalidStateError(`${this.title} has been iterated already`);
    const array: R[] = [];
    this.array = array;
    const end = this.wait();
    this.whenLeft = undefined; // somebody waits for its end
    try {
      await end;
    } finally {
      this.array = []; // the group keeps no results (FF-5)
    }
    if (this.isCut) throw this.reason;
    return array;
  }

  override take(): Promise<IteratorResult<R, undefined>> {
    if (this.array === undefined) return super.take();
    return Promise.reject(new InvalidStateError(`${this.title} has been iterated already`));
  }

  protected override begin(): void {
    // In the background: it takes no slot, and `size` counts the mappers.
    const task = this.createTask((scope) => this.pull(task, scope), { name: "source", background: true });
  }

  private async pull(task: TaskRecord, scope: TaskScope): Promise<void> {
    const items = this.items as MapSource<T>;
    this.items = undefined;
    const isOpener = typeof items === "function" && !isIterable(items);
    const source = new Source(isOpener ? items(scope) : (items as Iterable<T>), (error) => {
      if (!isCancellation(task, error)) this.collect(error, task);
    });
    this.source = source;
    try {
      while (!this.isCancelled) {
        if (!this.hasRoom) {
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
          continue;
        }
        const answer = (source.isAsync ? await source.next() : source.next()) as IteratorResult<T>;
        if (!source.has(answer)) return;
        if (!this.isCancelled) this.mapItem(answer.value);
      }
    } catch (error) {
      if (!source.isEcho(error)) throw error;
    } finally {
      this.source = this.fn = undefined; // LC-7
      await source.end();
    }
  }

  private get hasRoom(): boolean {
    const { size } = this;
    return size < this.limit && (this.array !== undefined || size + this.kept < this.buffer + this.wanted);
  }

  private mapItem(item: T): void {
    const fn = this.fn as Mapper<T, R>;
    const index = this.index++;
    const name = this.taskName === undefined ? `${index}` : this.taskName(item, index);
    const call = (scope: TaskScope): unknown => fn(item, scope, index);
    // Eager: there is a slot, and a member that has started waits in no queue of the group's, so that it can be put into
    // ours. This is the context of who began to iterate (ME-14), and what a mapper makes of it isn't to come back here.
    const task = this.createTask(inOwnContext(this.runtime, call), { name, eager: true });
    if (this.isOrdered) this.order.push(task);
  }

  override memberSettled(task: TaskRecord): void {
    if (task.state === "done" && !task.isBackground && !this.isCancelled) {
      this.kept++;
      if (!this.isOrdered) this.offer(task);
      else while (this.order.head?.state === "done") this.offer(this.order.shift() as TaskRecord);
    }
    super.memberSettled(task);
  }

  protected override offer(task: TaskRecord): void {
    if (this.array === undefined) super.offer(task);
    else this.array.push(task.value as R);
  }

  protected override give(task: TaskRecord): R {
    this.kept--;
    return task.value as R;
  }

  protected override drop(): void {
    while (this.finished.shift() !== undefined) this.kept--;
  }

  protected override refill(): void {
    if (this.wake === undefined || !(this.isCancelled || this.hasRoom)) return;
    this.wake();
    this.wake = undefined;
  }

  override onCancelled(origin: CancelScope): void {
    this.order = new Fifo();
    this.source?.interrupt();
    super.onCancelled(origin);
  }
}
