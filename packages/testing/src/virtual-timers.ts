import TinyQueue from "tinyqueue";

export interface VirtualTimer {
  /** In ms of the clock. */
  readonly at: number;
  /** Decides between timers of one moment; creation order between equals. */
  readonly tie: number;
  readonly id: number;
  readonly callback: () => void;
  isSet: boolean;
  isRef: boolean;
}

/** The timers of a virtual clock, and its time, which moves only when it is told to. */
export class VirtualTimers {
  private queue: TinyQueue<VirtualTimer> = new TinyQueue([], earlier);
  private lastId = 0;
  private time: number;
  private readonly tie: () => number;
  /** Timers that will fire, save those for ever. */
  size = 0;
  /** Those of them that something waits for: an unref'd timer is nobody's reason to go on. */
  refs = 0;

  constructor(start: number, tie: () => number = () => 0) {
    this.time = start;
    this.tie = tie;
  }

  now(): number {
    return this.time;
  }

  set(callback: () => void, ms: number): VirtualTimer {
    const at = this.time + ms;
    const timer: VirtualTimer = { at, tie: this.tie(), id: ++this.lastId, callback, isSet: at < Infinity, isRef: true };
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
    if (this.queue.length > 1000 && this.queue.length > 2 * this.size) {
      this.queue = new TinyQueue(
        this.queue.data.filter(({ isSet }) => isSet),
        earlier,
      );
    }
  }

  unref(timer: VirtualTimer): void {
    if (timer.isSet && timer.isRef) this.refs--;
    timer.isRef = false;
  }

  /** The timer that fires next. */
  get next(): VirtualTimer | undefined {
    for (let timer = this.queue.peek(); timer !== undefined; timer = this.queue.peek()) {
      if (timer.isSet) return timer;
      this.queue.pop();
    }
    return undefined;
  }

  /** All that fire at the next moment, in the order in which they would. */
  get due(): VirtualTimer[] {
    const { next } = this;
    return this.queue.data.filter(({ isSet, at }) => isSet && at === next?.at).sort(earlier);
  }

  /** Time has come to the timer's moment: calls it. */
  fire(timer: VirtualTimer): void {
    this.drop(timer);
    this.moveTo(timer.at);
    timer.callback();
  }

  /** Never back: a timer set for the past fires now. */
  moveTo(moment: number): void {
    this.time = Math.max(this.time, moment);
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
