"""Runs one program of the language."""

import asyncio
import sys

from error_texts import ProgramError, as_json, error_of, line_of, text_of
from scope import Group, Scope
from virtual_loop import VirtualLoop, run_virtually


class Returned:
    """A `return` step on its way to the end of its function."""

    def __init__(self, value):
        self.value = value


class At:
    """Where a step runs: whose function it is in, the innermost scope, the nearest group."""

    def __init__(self, who, scope, group):
        self.who = who
        self.scope = scope
        self.group = group


def run_program(program, rules):
    """The trace and the outcome. `rules` says what asyncio does with what waits and cancels: Plain or Departures."""
    return Interpreter(program, rules).run()


class Interpreter:
    def __init__(self, program, rules):
        self.program = program
        self.rules = rules
        self.loop = VirtualLoop()
        self.trace = []
        self.classes = {}
        self.groups = {}
        self.members = {}
        self.semaphores = {}
        self.events = {}
        self.queues = {}

    def run(self):
        loop, outside, abort = self.loop, Scope(), self.program.get("abort")

        def main():
            for name, permits in self.program.get("semaphores", {}).items():
                self.semaphores[name] = self.rules.semaphore(permits)
            for name in self.program.get("events", []):
                self.events[name] = asyncio.Event()
            for name, size in self.program.get("queues", {}).items():
                self.queues[name] = asyncio.Queue(size)
            root = self.open_group("main", self.program.get("options", {}), self.program["body"], outside)
            task = loop.create_task(root)
            if abort is not None:
                loop.call_at(abort["at"], self.rules.cancel_from_outside, outside, task, abort["reason"])
            return task

        try:
            task = run_virtually(loop, main, lambda task: self.rules.fatal(loop, task))
            outcome = self.outcome(task)
            loop.close()
        finally:
            if self.rules.refusal is not None:
                raise self.rules.refusal
        return {"trace": self.trace, "outcome": outcome}

    def outcome(self, main):
        try:
            return {"value": main.result()}
        except asyncio.CancelledError:
            return {"cancelled": self.program["abort"]["reason"] if "abort" in self.program else ""}
        except BaseException as error:
            return {"error": text_of(error)}

    def say(self, who, text):
        self.trace.append(f"{self.loop.time()} {who}: {text}")

    async def open_group(self, name, options, steps, scope):
        group = Group(options, Scope(scope))
        self.groups[name] = group
        return await self.rules.run_group(group, lambda: self.function(At(name, group.scope, group), steps))

    async def function(self, at, steps):
        """The function of a member or a body: says that it starts, and how it ends, before its group can do anything about it."""
        self.say(at.who, "starts")
        try:
            ended = await self.steps(at, steps)
        except GeneratorExit:
            raise
        except BaseException as error:
            if self.rules.is_cancellation(at.scope, error):
                self.say(at.who, "cancelled")
                raise
            self.say(at.who, f"failed {line_of(error)}")
            raise self.rules.failure(error)
        self.say(at.who, "done")
        return ended and ended.value

    async def steps(self, at, steps):
        for step in steps:
            kind = next((kind for kind in step if kind in STEPS), None)
            if kind is None:
                self.rules.refuse(ProgramError(f"nobody knows the step {as_json(step)}"))
            ended = await STEPS[kind](self, at, step)
            if ended is not None:
                return ended
        return None

    async def log(self, at, step):
        self.say(at.who, step["log"])

    async def sleep(self, at, step):
        await self.rules.wait(at.scope, lambda: asyncio.sleep(step["sleep"]))

    async def throw(self, at, step):
        raise error_of(step["throw"], self.classes)

    async def return_(self, at, step):
        return Returned(step["return"])

    async def spawn(self, at, step):
        if step.get("background"):
            self.rules.skip("asyncio.TaskGroup has no background members")
        if step.get("eager") and sys.version_info < (3, 14):
            self.rules.skip("TaskGroup.create_task takes eager_start from CPython 3.14 on")
        name, group = step["spawn"], self.found(self.groups, step.get("in")) if "in" in step else at.group

        async def function(member):
            member.has_started = True
            return await self.function(At(name, member.scope, group), step["body"])

        member = self.rules.create_member(group, function, step.get("eager"))
        self.members[name] = (member, group)

    async def group(self, at, step):
        name = step["group"]
        try:
            await self.open_group(name, step.get("options", {}), step["body"], at.scope)
        except GeneratorExit:
            raise
        except BaseException as error:
            is_cancelled = self.rules.is_cancellation(at.scope, error)
            self.say(name, "left cancelled" if is_cancelled else f"left with {line_of(error)}")
            raise
        self.say(name, "left")

    async def cancel(self, at, step):
        if step["cancel"] in self.groups:
            self.rules.cancel_group(self.groups[step["cancel"]])

    async def cancel_task(self, at, step):
        name = step["cancelTask"]
        said = "undefined"
        if name in self.members:
            member, group = self.members[name]
            said = as_json(self.rules.cancel_member(group, member))
        self.say(at.who, f"cancel {name}: {said}")

    async def await_(self, at, step):
        name = step["await"]
        value = await self.rules.await_member(self.found(self.members, name)[0])
        self.say(at.who, f"{name} gave {as_json(value)}")

    async def state(self, at, step):
        name = step["state"]
        self.say(at.who, f"{name} is {self.members[name][0].state if name in self.members else 'undefined'}")

    async def try_(self, at, step):
        what = step.get("catch")
        try:
            return await self.steps(at, step["try"])
        except GeneratorExit:
            raise
        except BaseException as error:
            kind = "cancellation" if self.rules.is_cancellation(at.scope, error) else "failure"
            if what not in (kind, "any"):
                raise
            return await self.steps(at, step.get("do", []))
        finally:
            await self.steps(at, step.get("finally", []))

    async def shield(self, at, step):
        return await self.rules.shield(at.scope, self.under(at, step["shield"]), step.get("timeout"))

    async def fail_after(self, at, step):
        return await self.rules.fail_after(at.scope, step["failAfter"], self.under(at, step["body"]))

    async def move_on_after(self, at, step):
        timed_out, ended = await self.rules.move_on_after(at.scope, step["moveOnAfter"], self.under(at, step["body"]))
        self.say(at.who, "timed out" if timed_out else "in time")
        return ended

    async def hold(self, at, step):
        semaphore = self.found(self.semaphores, step["hold"])
        await self.rules.wait(at.scope, semaphore.acquire)
        try:
            return await self.steps(at, step["body"])
        finally:
            semaphore.release()

    async def wait(self, at, step):
        await self.rules.wait(at.scope, self.found(self.events, step["wait"]).wait)

    async def set(self, at, step):
        self.found(self.events, step["set"]).set()

    async def put(self, at, step):
        await self.rules.wait(at.scope, lambda: self.found(self.queues, step["put"]).put(step["item"]))

    async def get(self, at, step):
        item = await self.rules.wait(at.scope, self.found(self.queues, step["get"]).get)
        self.say(at.who, f"got {as_json(item)}")

    def under(self, at, steps):
        """The steps under a scope within the function."""
        return lambda scope: self.steps(At(at.who, scope, at.group), steps)

    def found(self, all, name):
        if name not in all:
            raise ProgramError(f'"{name}" doesn\'t exist yet')
        return all[name]


STEPS = {
    "log": Interpreter.log,
    "sleep": Interpreter.sleep,
    "throw": Interpreter.throw,
    "return": Interpreter.return_,
    "spawn": Interpreter.spawn,
    "group": Interpreter.group,
    "cancel": Interpreter.cancel,
    "cancelTask": Interpreter.cancel_task,
    "await": Interpreter.await_,
    "state": Interpreter.state,
    "try": Interpreter.try_,
    "shield": Interpreter.shield,
    "failAfter": Interpreter.fail_after,
    "moveOnAfter": Interpreter.move_on_after,
    "hold": Interpreter.hold,
    "wait": Interpreter.wait,
    "set": Interpreter.set,
    "put": Interpreter.put,
    "get": Interpreter.get,
}
