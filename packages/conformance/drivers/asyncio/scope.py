"""Who runs what under what: the tree that the specification's cancellation travels. asyncio has none, only tasks."""


class Reason:
    """Why scopes were cancelled; one object for each cancellation."""

    def __init__(self, outside=None):
        self.outside = outside


class Scope:
    """A node of the tree. Bare asyncio's interpreter makes them too, and never cancels one."""

    def __init__(self, parent=None, is_shield=False):
        self.parent = parent
        self.is_shield = is_shield
        self.reason = None if parent is None or is_shield else parent.reason
        self.children = []
        # The member whose function runs under it.
        self.task = None
        self.has_ended = False
        if parent is not None:
            parent.children.append(self)

    @property
    def is_cancelled(self):
        return self.reason is not None

    def end(self):
        if not self.has_ended and self.parent is not None:
            self.parent.children.remove(self)
        self.has_ended = True


class Member:
    """What a program knows of a member of a group."""

    def __init__(self, scope):
        self.scope = scope
        self.task = None
        self.has_started = False
        # Departures': see there.
        self.holds_slot = False
        self.has_returned = False
        self.value = None

    @property
    def state(self):
        if self.task is None:  # it starts just now, or never
            return "running" if self.has_started else "cancelled"
        if not self.task.done():
            return "running" if self.has_started else "pending"
        if self.task.cancelled():
            return "done" if self.has_returned else "cancelled"
        return "done" if self.task.exception() is None else "failed"


class Group:
    """A group that a program has opened. `entered` is asyncio's."""

    def __init__(self, options, scope):
        self.options = options
        self.scope = scope
        self.entered = None
        # Departures': see there.
        self.members = []
        self.slots = None
        self.is_cut_short = False
