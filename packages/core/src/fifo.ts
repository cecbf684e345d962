import type { TaskRecord } from "./task.ts";

/** First in, first out, linked through the tasks themselves: a task is in one of them at a time. */
export class Fifo {
  head: TaskRecord | undefined;
  private tail: TaskRecord | undefined;

  push(task: TaskRecord): void {
    if (this.head === undefined) this.head = task;
    else (this.tail as TaskRecord).queued = task;
    this.tail = task;
  }

  shift(): TaskRecord | undefined {
    const task = this.head;
    if (task !== undefined) {
      this.head = task.queued;
      if (this.head === undefined) this.tail = undefined;
      task.queued = undefined;
    }
    return task;
  }
}
