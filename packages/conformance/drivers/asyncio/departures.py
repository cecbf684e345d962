"""Where the specification departs from asyncio on purpose: each departure once, with its clause.

Everything else is asyncio's own: who starts when, who is cancelled by a failure, who waits for whom, what is collected
in which order, and what leaves a block.
"""

import asyncio
import collections
import sys

from error_texts import InvalidStateError, StrayCancellation, text_of
from plain import Plain, TaskGroup
from scope import Member, Reason, Scope


def cancel(origin, reason):
    """CA-1, CA-7: cancellation is a tree of scopes. asyncio cancels the one task that a block runs in, at its innermost wait;
    whoever is deeper, or beside that wait, hears of it when that wait has unwound, or never if somebody swallows it. Here
    the whole tree is marked, then every member in it is cancelled, once."""
    if origin.is_cancelled:
        return
    tasks = []
    mark(origin, reason, tasks)
    for task in tasks:
        task.cancel()


def mark(scope, reason, tasks):
    scope.reason = reason
    for child in scope.children:
        if not child.is_cancelled and not child.is_shield:
            mark(child, reason, tasks)
    if scope.task is not None and not scope.task.done():
        tasks.append(scope.task)


def is_foreign(error, scope):
    """It is the outside reason of a member that was awaited, and `scope` was cancelled for another reason before (CA-5)."""
    reason = getattr(error, "reason", None)
    return reason is not None and reason.outside is not None and reason is not scope.reason


def has_pending_cancel():
    return asyncio.current_task()._must_cancel


async def take_pending_cancel():
    """Takes a cancellation that has been asked for, and not been delivered yet."""
    if has_pending_cancel():
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            pass


class TreeGroup(TaskGroup):
    def __init__(self, scope):
        super().__init__()
        self._scope = scope

    def _abort(self):
        """CA-1, as `cancel` above. Called by asyncio when it cancels the members."""
        self._aborting = True
        cancel(self._scope, Reason())

    def cancel(self):
        """CA-6: as in 3.15. What a scope has been cancelled by before stays (CA-5)."""
        if self._scope.is_cancelled:
            return
        self._abort()
        if not self._parent_cancel_requested:
            self._parent_cancel_requested = True
            self._parent_task.cancel()

    async def __aexit__(self, kind, error, traceback):
        before = self._parent_cancel_requested
        try:
            await super().__aexit__(kind, error, traceback)
            # CA-6: as in 3.15. What it doesn't raise again was its own cancellation.
            return kind is not None and issubclass(kind, asyncio.CancelledError)
        finally:
            if sys.version_info < (3, 13):
                # 3.13: what the group asked for while it was being left is taken back too, and never leaks out.
                if self._parent_cancel_requested and not before:
                    self._parent_task.uncancel()
                if self._parent_task.cancelling() == 0:
                    await take_pending_cancel()


class TreeTimeout(asyncio.timeouts.Timeout):
    def __init__(self, scope, ms):
        super().__init__(None if ms is None else asyncio.get_running_loop().time() + ms)
        self._scope = scope
        self._ms = ms
        self.has_converted = False

    async def __aenter__(self):
        await super().__aenter__()
        if self._ms == 0:
            # TO-6: it cancels before the first wait, not at it.
            self._timeout_handler.cancel()
            self._on_timeout()
        return self

    def _on_timeout(self):
        # CA-5: a deadline doesn't cancel what has been cancelled.
        if not self._scope.is_cancelled:
            super()._on_timeout()
            cancel(self._scope, Reason())

    async def __aexit__(self, kind, error, traceback):
        if is_foreign(error, self._scope):
            kind = error = None  # a failure, which goes on as it is
        try:
            return await super().__aexit__(kind, error, traceback)
        except TimeoutError:
            self.has_converted = True
            raise
        finally:
            if sys.version_info < (3, 13) and self._task.cancelling() == 0:
                await take_pending_cancel()  # 3.13: uncancel() takes it back


class Semaphore(asyncio.Semaphore):
    async def acquire(self):
        """LI-2: a permit that was handed over before the cancellation is delivered, and the holder's next wait fails. asyncio
        takes it back."""
        if not self.locked():
            self._value -= 1
            return True
        if self._waiters is None:
            self._waiters = collections.deque()
        waiter = self._get_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                raise
        finally:
            self._waiters.remove(waiter)
        return True


class Departures(Plain):
    semaphore = Semaphore

    async def wait(self, scope, start):
        """CA-1: level-triggered. Every wait of a cancelled scope fails, also after a cancellation was swallowed."""
        if scope.is_cancelled:
            if has_pending_cancel():
                await asyncio.sleep(0)
            raise asyncio.CancelledError
        return await start()

    def is_cancellation(self, scope, error):
        """The third rule: a CancelledError counts if the scope has been cancelled, an outside reason only as the scope's own."""
        if not isinstance(error, asyncio.CancelledError) or not scope.is_cancelled:
            return False
        return not is_foreign(error, scope)

    def failure(self, error):
        """ME-11: a CancelledError that nobody asked for is a failure. asyncio takes it for a cancellation."""
        return StrayCancellation(text_of(error)) if isinstance(error, asyncio.CancelledError) else error

    async def run_group(self, group, body):
        options, scope = group.options, group.scope
        if "failFast" in options:
            self.skip("asyncio.TaskGroup has no failFast")
        if "limit" in options:
            group.slots = asyncio.Semaphore(options["limit"])
        deadline = TreeTimeout(scope, options.get("timeout"))
        value = None
        try:
            async with deadline:
                async with TreeGroup(scope) as group.entered:
                    try:
                        value = await body()
                    except asyncio.CancelledError:
                        group.is_cut_short = True
                        raise
        except BaseExceptionGroup as error:
            raise self.group_error(group, error, deadline) from None
        except TimeoutError:
            # OUT-4: only if the body or a member ended cancelled by it. asyncio: also if the group merely waited for them.
            if not group.is_cut_short and not scope.parent.is_cancelled:
                return value
            raise
        finally:
            scope.end()
        if scope.parent.is_cancelled:
            # CA-7, OUT-3: an outside cancellation isn't lost, even if the body swallowed it.
            raise asyncio.CancelledError
        if deadline.expired() and group.is_cut_short:
            raise TimeoutError  # OUT-4: also if the body swallowed it
        return value

    def group_error(self, group, error, deadline):
        """ME-9: one error is one leaf, whoever ended with it. OUT-2: its cause is what would have come out otherwise."""
        leaves = list({id(leaf): leaf for leaf in error.exceptions}.values())
        told = error if len(leaves) == len(error.exceptions) else error.derive(leaves)
        outside = group.scope.parent.reason
        if outside is not None:
            told.told_cause = None if outside.outside is None else f"cancelled: {outside.outside}"
        elif deadline.expired():
            told.told_cause = "TimeoutError"
        return told

    def create_member(self, group, function, eager):
        if group.scope.has_ended:
            raise InvalidStateError("the group is finished")
        scope = Scope(group.scope)
        member = Member(scope)
        if scope.is_cancelled:
            # LC-4: dead on arrival. asyncio raises RuntimeError.
            group.is_cut_short = True
            scope.end()
            return member
        # ME-2: eager only if nobody waits to start.
        eager = eager and all(other.state != "pending" for other in group.members)
        group.members.append(member)
        member.task = scope.task = self.create_task(group, self.in_slot(group, member, function), eager)
        if scope.is_cancelled and not member.task.done():
            member.task.cancel()  # by itself, while it started
        member.task.add_done_callback(lambda task: self.member_ended(group, member))
        return member

    async def in_slot(self, group, member, function):
        """LI-1: at most so many run, first come first served. asyncio has no limit."""
        if group.slots is not None:
            await group.slots.acquire()
            member.holds_slot = True
        member.value = await function(member)
        # ME-1: it is done. asyncio: one that is cancelled in the moment of its return is cancelled.
        member.has_returned = True
        return member.value

    def member_ended(self, group, member):
        """Comes after asyncio's own callback: a group that has failed starts nobody in the slot that got free."""
        member.scope.end()
        if member.state == "cancelled" and member.scope.reason is group.scope.reason:
            group.is_cut_short = True
        if member.holds_slot:
            group.slots.release()

    def cancel_group(self, group):
        if not group.scope.has_ended:
            group.entered.cancel()

    def cancel_member(self, group, member):
        """ME-5: a group is one unit, unless `memberCancel` says otherwise (ME-6)."""
        if not group.options.get("memberCancel") or member.task is None or member.task.done():
            return False
        if member.scope.is_cancelled:
            return member.has_started  # one that hasn't started has ended by that
        cancel(member.scope, Reason())
        return True

    def cancel_from_outside(self, outside, main, reason):
        if not main.done():
            cancel(outside, Reason(outside=reason))
            main.cancel()

    async def await_member(self, member):
        """ME-9: who awaits a member gets what it ended with, and waits whatever is cancelled meanwhile: a promise can't be
        cancelled. asyncio cancels whoever waits, and the member with it."""
        if member.task is None:
            raise self.cancelled_by(member.scope.reason)
        if member.task is asyncio.current_task():
            raise InvalidStateError("awaits itself")
        await self.until_done(member.task)
        if member.has_returned:
            return member.value
        if member.task.cancelled():
            raise self.cancelled_by(member.scope.reason)
        return member.task.result()

    def cancelled_by(self, reason):
        error = asyncio.CancelledError()
        error.reason = reason
        return error

    async def until_done(self, task):
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                pass

    async def shield(self, scope, body, timeout):
        """CA-11: the caller waits for what is shielded. asyncio.shield leaves it behind."""
        own = Scope(scope, is_shield=True)
        deadline = TreeTimeout(own, timeout)

        async def shielded():
            async with deadline:
                return await body(own)

        task = self.start_at_once(shielded())
        await self.until_done(task)
        own.end()
        if deadline.has_converted and scope.is_cancelled:
            raise asyncio.CancelledError  # TO-4
        return task.result()

    def start_at_once(self, coroutine):
        """What is shielded is a task only here, where it doesn't hear of what cancels the caller: it begins at once."""
        loop = asyncio.get_running_loop()
        if sys.version_info < (3, 12):
            return loop.create_task(coroutine)
        return asyncio.Task(coroutine, loop=loop, eager_start=True)

    async def fail_after(self, scope, ms, body):
        own = Scope(scope)
        try:
            async with TreeTimeout(own, ms):
                return await body(own)
        finally:
            own.end()

    async def move_on_after(self, scope, ms, body):
        own = Scope(scope)
        deadline = TreeTimeout(own, ms)
        try:
            async with deadline:
                return False, await body(own)
        except TimeoutError:
            if deadline.has_converted:
                return True, None
            raise
        finally:
            own.end()

    def fatal(self, loop, main):
        """ER-5: the group cancels and drains, and then it comes out. asyncio lets it fly through the loop at once: it goes on."""
