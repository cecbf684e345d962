"""Errors as the texts of the language, and back."""

import asyncio
import json
import re

OWN = {"KeyboardInterrupt": KeyboardInterrupt, "SystemExit": SystemExit}


class InvalidStateError(RuntimeError):
    """What the specification calls so where asyncio has a RuntimeError."""


class StrayCancellation(Exception):
    """A CancelledError that reached a function whose own scope nobody had cancelled (ME-11)."""


def error_of(text, classes):
    """`Boom(x)` as an error. `classes` holds those of one program."""
    found = re.fullmatch(r"(\w+)\((.*)\)", text, re.DOTALL)
    if found is None:
        raise ProgramError(f"{as_json(text)} is no error: it should look like Boom(x)")
    name, message = found.groups()
    if name in OWN:
        return OWN[name]()
    return classes.setdefault(name, type(name, (Exception,), {}))(message)


class ProgramError(Exception):
    """A program that says nothing that could be done: its own mistake, not asyncio's."""


def text_of(error):
    """An error as the language says it: a string, or a group with what is in it."""
    if isinstance(error, BaseExceptionGroup):
        group = {"group": [text_of(member) for member in error.exceptions]}
        cause = getattr(error, "told_cause", None)
        return group if cause is None else {**group, "cause": cause}
    if isinstance(error, StrayCancellation):
        return error.args[0]
    if isinstance(error, asyncio.CancelledError):
        reason = getattr(error, "reason", None)  # of a member that was awaited
        return "CancelledError" if reason is None or reason.outside is None else f"cancelled: {reason.outside}"
    for kind in (TimeoutError, InvalidStateError):
        if isinstance(error, kind):
            return kind.__name__
    if type(error) is RuntimeError:  # there are addresses in its message
        return "RuntimeError"
    return f"{type(error).__name__}({error.args[0] if error.args else ''})"


def line_of(error):
    """The same as a line of a trace has it: a group as compact JSON."""
    text = text_of(error)
    return text if isinstance(text, str) else as_json(text)


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
