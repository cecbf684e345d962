import type {
  AbortableFn,
  AddInstrumentFn,
  AsCompletedFn,
  AsyncEvent,
  AsyncQueue,
  Barrier,
  BaseException,
  BaseExceptionGroup,
  BrokenBarrierError,
  CancelledError,
  Condition,
  CurrentTaskFn,
  DetachFn,
  ExceptionGroup,
  FailAfterFn,
  FailAtFn,
  FirstSuccessFn,
  FormatTaskTreeFn,
  GatherFn,
  InspectTasksFn,
  InvalidStateError,
  KeyboardInterrupt,
  LifoQueue,
  MapFn,
  MoveOnAfterFn,
  Mutex,
  NowFn,
  OpenBackgroundTasksFn,
  OpenTaskGroupFn,
  PriorityQueue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  Semaphore,
  SleepFn,
  SystemExit,
  TaskGroupFn,
  TimeoutError,
  AbandonedError,
  DisconnectedError,
  exceptStar,
  formatException,
  onlyError,
} from "@cohort/core";

/** What the specification names: the surface of an implementation that has all of it. */
export interface Surface {
  readonly taskGroup: TaskGroupFn;
  readonly openTaskGroup: OpenTaskGroupFn;
  readonly failAfter: FailAfterFn;
  readonly failAt: FailAtFn;
  readonly moveOnAfter: MoveOnAfterFn;
  readonly sleep: SleepFn;
  readonly abortable: AbortableFn;
  readonly now: NowFn;
  readonly detach: DetachFn;
  readonly gather: GatherFn;
  readonly firstSuccess: FirstSuccessFn;
  readonly asCompleted: AsCompletedFn;
  readonly map: MapFn;
  readonly openBackgroundTasks: OpenBackgroundTasksFn;
  readonly inspectTasks: InspectTasksFn;
  readonly formatTaskTree: FormatTaskTreeFn;
  readonly addInstrument: AddInstrumentFn;
  readonly currentTask: CurrentTaskFn;
  readonly Semaphore: typeof Semaphore;
  readonly Mutex: typeof Mutex;
  readonly AsyncEvent: typeof AsyncEvent;
  readonly Condition: typeof Condition;
  readonly Barrier: typeof Barrier;
  readonly AsyncQueue: typeof AsyncQueue;
  readonly LifoQueue: typeof LifoQueue;
  readonly PriorityQueue: typeof PriorityQueue;
  readonly BaseExceptionGroup: typeof BaseExceptionGroup;
  readonly ExceptionGroup: typeof ExceptionGroup;
  readonly exceptStar: typeof exceptStar;
  readonly onlyError: typeof onlyError;
  readonly formatException: typeof formatException;
  readonly CancelledError: typeof CancelledError;
  readonly BaseException: typeof BaseException;
  readonly KeyboardInterrupt: typeof KeyboardInterrupt;
  readonly SystemExit: typeof SystemExit;
  readonly TimeoutError: typeof TimeoutError;
  readonly InvalidStateError: typeof InvalidStateError;
  readonly AbandonedError: typeof AbandonedError;
  readonly DisconnectedError: typeof DisconnectedError;
  readonly QueueFull: typeof QueueFull;
  readonly QueueEmpty: typeof QueueEmpty;
  readonly QueueShutDown: typeof QueueShutDown;
  readonly BrokenBarrierError: typeof BrokenBarrierError;
}
