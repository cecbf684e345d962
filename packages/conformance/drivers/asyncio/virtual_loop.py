"""An event loop whose time is virtual: it jumps to the next timer whenever nothing can run."""

import asyncio
import heapq
import itertools


class Stuck(Exception):
    """Everything waits, and no timer is set."""


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's own loop without a selector. Its unit of time is the millisecond, so that times are whole numbers.

    Timers fire one at a time, in the order of their time and then of their making, each once nothing can run any more.
    asyncio says nothing of timers that are due together: with its heap their order would be any.
    """

    def __init__(self):
        super().__init__()
        self._now = 0
        self._timers = []
        self._order = itertools.count()
        self._selector = self

    def time(self):
        return self._now

    def call_at(self, when, callback, *args, context=None):
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._order), timer))
        return timer

    def select(self, timeout):
        """Called by the loop where it would ask the system; 0 if there is something to run."""
        if timeout == 0:
            return []
        while self._timers:
            when, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled():
                self._now = max(self._now, when)
                self._ready.append(timer)
                return []
        raise Stuck(f"everything waits at {self._now} ms, and no timer is set")

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass

    def _timer_handle_cancelled(self, handle):
        pass


def run_virtually(loop, main, fatal):
    """Runs the loop until the task that `main` makes has ended, and gives the task.

    A KeyboardInterrupt or SystemExit of any task flies through the loop; `fatal` is told of it, with the task.
    """
    outer = asyncio._get_running_loop()  # pyodide's own loop runs all the time
    asyncio._set_running_loop(None)
    loop.set_exception_handler(lambda *_: None)
    try:
        task = main()
        while not task.done():
            try:
                loop.run_until_complete(task)
            except (KeyboardInterrupt, SystemExit):
                fatal(task)
            except BaseException:
                if not task.done():  # it isn't the task's own
                    raise
        return task
    finally:
        asyncio._set_running_loop(outer)
