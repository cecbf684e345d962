"""What a program's steps are in bare asyncio. The interpreter asks this for everything that waits or cancels."""

import asyncio

from scope import Member, Scope


class Skip(Exception):
    """asyncio has nothing for what the program wants."""


class OrderedTasks(dict):
    """The set of a group's tasks. asyncio cancels them in the order of a set, which is any: here it is that of their creation."""

    def add(self, task):
        self[task] = None

    def discard(self, task):
        self.pop(task, None)


class TaskGroup(asyncio.TaskGroup):
    def __init__(self):
        super().__init__()
        self._tasks = OrderedTasks()


class Plain:
    semaphore = asyncio.Semaphore

    def __init__(self):
        self.refusal = None

    def refuse(self, why):
        """Ends the program. It may catch what is thrown; why it was refused stays known."""
        self.refusal = self.refusal or why
        raise self.refusal

    def skip(self, why):
        self.refuse(Skip(why))

    async def wait(self, scope, start):
        return await start()

    def is_cancellation(self, scope, error):
        return isinstance(error, asyncio.CancelledError)

    def failure(self, error):
        """What a function fails with."""
        return error

    async def run_group(self, group, body):
        for option in ("limit", "failFast"):
            if option in group.options:
                self.skip(f"asyncio.TaskGroup has no {option}")
        async with asyncio.timeout(group.options.get("timeout")):
            async with TaskGroup() as entered:
                group.entered = entered
                return await body()

    def create_member(self, group, function, eager):
        scope = Scope(group.scope)
        member = Member(scope)
        member.task = scope.task = self.create_task(group, function(member), eager)
        return member

    def create_task(self, group, coroutine, eager):
        options = {"eager_start": True} if eager else {}
        try:
            return group.entered.create_task(coroutine, **options)
        except BaseException:
            coroutine.close()  # 3.13 does it itself
            raise

    def cancel_group(self, group):
        if not hasattr(group.entered, "cancel"):
            self.skip("asyncio.TaskGroup has cancel() from 3.15 on")
        group.entered.cancel()

    def cancel_member(self, group, member):
        return member.task.cancel()

    def cancel_from_outside(self, outside, main, reason):
        main.cancel(reason)

    async def await_member(self, member):
        return await member.task

    async def shield(self, scope, body, timeout):
        async def shielded():
            async with asyncio.timeout(timeout):
                return await body(Scope())

        return await asyncio.shield(asyncio.ensure_future(shielded()))

    async def fail_after(self, scope, ms, body):
        async with asyncio.timeout(ms):
            return await body(Scope(scope))

    async def move_on_after(self, scope, ms, body):
        """Whether it timed out, and what the body gave."""
        deadline = asyncio.timeout(ms)
        try:
            async with deadline:
                return False, await body(Scope(scope))
        except TimeoutError as error:
            # Its own; another's is caused by another's CancelledError, or by nothing. CPython 3.11.2 sets the context alone.
            if deadline.expired() and isinstance(error.__cause__ or error.__context__, asyncio.CancelledError):
                return True, None
            raise

    def fatal(self, loop, main):
        """asyncio.run: the program ends with it."""
        for task in asyncio.all_tasks(loop):
            if task is not main:
                task.cancel()
        main.cancel()
