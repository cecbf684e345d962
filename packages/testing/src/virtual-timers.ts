import TinyQueue from "tinyqueue";

export interface VirtualTimer {
  /** In ms since the clock began. */
  readonly at: number;
  /** Decides between timers of one moment; creation order between equals. */
  readonly tie: number;
  readonly id: number;
  readonly fire: () => void;
  isSet: boolean;
  isRef: boolean;
}

/** The timers of a virtual clock, and its time, which moves only when it is told to. */
export class VirtualTimers {
  private queue: TinyQueue<VirtualTimer> = new TinyQueue([], earlier);
  private lastId = 0;
  private readonly tie: () => number;
  /** Ms since the clock began. */
  elapsed = 0;
  /** Timers that will fire, save those for ever. */
  size = 0;
  /** Those of them that something waits for: an unref'd timer is nobody's reason to go on. */
  refs = 0;

  constructor(tie: () => number = () => 0) {
    this.tie = tie;
  }

  set(callback: () => void, ms: number): VirtualTimer {
    const at = this.elapsed + ms;
    let fire: () => void = () => {};
    // A promise reaction runs in the async context of whoever attached it, as the callback of a real timer does.
    void new Promise<void>((resolve) => {
      fire = resolve;
    }).then(callback);
    const timer: VirtualTimer = { at, tie: this.tie(), id: ++this.lastId, fire, isSet: at < Infinity, isRef: true };
    if (timer.isSet) {
      this.queue.push(timer);
      this.size++;
      this.refs++;
    }
    return timer;
  }

  clear(timer: VirtualTimer): void {
    if (!timer.isSet) return;
    this.drop(timer);
    // Cleared timers stay in the heap until their moment comes. Long deadlines of short work must not pile up in it.
    if (this.kept > 1000 && this.kept > 2 * this.size) this.queue = new TinyQueue(this.all(), earlier);
  }

  unref(timer: VirtualTimer): void {
    if (timer.isSet && timer.isRef) this.refs--;
    timer.isRef = false;
  }

  /** How many timers are kept, cleared ones too. */
  get kept(): number {
    return this.queue.length;
  }

  /** The timer that fires next. */
  get next(): VirtualTimer | undefined {
    for (let timer = this.queue.peek(); timer !== undefined; timer = this.queue.peek()) {
      if (timer.isSet) return timer;
      this.queue.pop();
    }
    return undefined;
  }

  /** The timers that something waits for, at the next moment at which there is one, in the order in which they would fire. */
  due(): VirtualTimer[] {
    const refs = this.all().filter(({ isRef }) => isRef);
    const next = refs.reduce((moment, { at }) => Math.min(moment, at), Infinity);
    return refs.filter(({ at }) => at === next).sort(earlier);
  }

  /** Time has come to the timer's moment. Its callback runs on a microtask, after those of the unref'd timers before it. */
  fire(timer: VirtualTimer): void {
    for (let { next } = this; next !== undefined && next.at < timer.at; { next } = this) this.fireOne(next);
    this.fireOne(timer);
  }

  /** Never back: a timer set for the past fires now. */
  moveTo(elapsed: number): void {
    this.elapsed = Math.max(this.elapsed, elapsed);
  }

  private fireOne(timer: VirtualTimer): void {
    this.drop(timer);
    this.moveTo(timer.at);
    timer.fire();
  }

  private all(): VirtualTimer[] {
    return this.queue.data.filter(({ isSet }) => isSet);
  }

  private drop(timer: VirtualTimer): void {
    timer.isSet = false;
    this.size--;
    if (timer.isRef) this.refs--;
  }
}

function earlier(a: VirtualTimer, b: VirtualTimer): number {
  return a.at - b.at || a.tie - b.tie || a.id - b.id;
}
