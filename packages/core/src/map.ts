import type { Place } from "./block.ts";
import { InvalidStateError } from "./errors.ts";
import { iteratorOver } from "./iteration.ts";
import { Mapping } from "./mapping.ts";
import type { Cancellable, Draining, MaybePromise, TaskScope } from "./scope.ts";
import type { TaskGroupScope } from "./task-group.ts";

/**
 * What a map pulls its items from: anything that can be iterated, streams included, or a function that is given the scope
 * of the task that pulls, so that what the source waits for ends with the map.
 */
export type MapSource<T> = Iterable<T> | AsyncIterable<T> | ((task: TaskScope) => Iterable<T> | AsyncIterable<T>);

/** Makes a result of an item. Runs as a task; `index` counts the items from 0. */
export type Mapper<T, R> = (item: T, task: TaskScope, index: number) => MaybePromise<R>;

export interface MapOptions<T> extends Omit<Cancellable, "name">, Draining {
  /** How many mappers run at once. Default: no limit, so that as many items are pulled as the source has. */
  limit?: number | undefined;
  /** `false`: the results come in the order in which they are finished, not in the source's. Default: true. */
  ordered?: boolean | undefined;
  /**
   * How many results may be finished without having been taken, those included that are being made: a buffer smaller than
   * `limit` also bounds how many mappers run, beyond the one that each waiting next() allows. Default: `limit`.
   * `toArray()` takes every result at once.
   */
  buffer?: number | undefined;
  /** Names the task of an item. Default: its index. */
  taskName?: ((item: T, index: number) => string) | undefined;
}

/** The results of a map. It is iterated once. */
export interface MapIterable<R> extends AsyncIterableIterator<R> {
  /** All results; with `ordered` in the order of the source. Rejects with what next() would. */
  toArray(this: void): Promise<R[]>;
}

export interface MapFn {
  /**
   * Maps what a source gives, some items at a time, as tasks of one group (LI-3). Nothing starts before the first next() or
   * toArray(); then an item is pulled only when a mapper may start on it, so that with a `limit` any length of source is
   * mapped in constant memory. The source, which may be any iterable, asynchronous ones and streams included, is itself a
   * task named "source". asyncio has no counterpart.
   *
   * A mapper or a source that fails cancels the rest; what was finished before is still given, then next() rejects once
   * with an `ExceptionGroup`, after the drain. Leaving the loop acts at once: it cancels and drains the mappers, and closes
   * the source. Failures that nobody was given then reject return(), and, since a loop's own error hides that, are
   * reported too. A stream that has gone quiet is closed at once; an async generator that waits for something comes to its
   * end only after that, unless it is given as a function, `({ signal }) => events(signal)`, and hears of it. If it is cancelled from outside next() rejects with the reason, if `timeout` (ms) runs out with a
   * `TimeoutError` after what was finished before.
   *
   * Throws a TypeError or RangeError for bad arguments, and an InvalidStateError when it is iterated again.
   *
   * @example
   * ```ts
   * for await (const page of map(urls, (url, { signal }) => download(url, { signal }), { limit: 5 })) save(page);
   * const sizes = await map(files, (file) => sizeOf(file), { limit: 10, taskName: (file) => file.path }).toArray();
   * ```
   */
  <T, R>(source: MapSource<T>, fn: Mapper<T, R>, options?: MapOptions<T>): MapIterable<R>;
}

export function map<T, R>(
  place: Place,
  viewOf: TaskGroupScope["viewOf"],
  source: MapSource<T>,
  fn: Mapper<T, R>,
  options: MapOptions<T> = {},
): MapIterable<R> {
  const mapping = new Mapping(place, source, fn, options, viewOf);
  mapping.calledHere();
  const iterator = iteratorOver(mapping);
  let isIterated = false;
  return {
    ...iterator,
    // Gives another object, which gives itself: one can take some results by hand and loop over the rest.
    [Symbol.asyncIterator]() {
      if (isIterated) throw new InvalidStateError(`${mapping.title} has been iterated already`);
      isIterated = true;
      return iterator;
    },
    toArray: () => mapping.toArray(),
  };
}
