"""The line-JSON protocol, version 1: one JSON object a line, one answer for each command."""

import json
import platform
import sys

from departures import Departures
from error_texts import as_json
from interpreter import run_program
from plain import Plain, Skip
from virtual_loop import Stuck

PROTOCOL = 1

LACKS = {
    "option.failFast": "asyncio.TaskGroup always cancels the others",
    "task option.background": "asyncio.TaskGroup waits for all of its members",
}


def answer(line):
    """The answer to a command, None to `stop`. Both are text."""
    try:
        command = json.loads(line)
    except ValueError:
        return refused(f"this is no JSON: {line[:120]}")
    kind = command.get("cmd") if isinstance(command, dict) else None
    if kind == "start":
        asked = command.get("protocol")
        return as_json(start()) if asked == PROTOCOL else refused(f"this driver speaks protocol {PROTOCOL}, not {asked}")
    if kind == "run":
        return as_json({"seq": command.get("seq"), **run(command)})
    if kind == "stop":
        return None
    return refused(f"nobody knows the command {as_json(kind)}")


def refused(why):
    return as_json({"ok": False, "error": why})


def start():
    version = platform.python_version()
    lacks = dict(LACKS)
    if sys.version_info < (3, 14):
        lacks["task option.eager"] = "TaskGroup.create_task takes eager_start from CPython 3.14 on"
    return {
        "ok": True,
        "protocol": PROTOCOL,
        "name": "asyncio",
        "version": version,
        "runtime": f"{platform.python_implementation()} {version}",
        "lacks": lacks,
    }


def run(command):
    """With `"emulate": false` it is bare asyncio that answers, without the departures of the specification."""
    rules = Plain() if command.get("emulate") is False else Departures()
    try:
        return run_program(command["program"], rules)
    except Skip as why:
        return {"skipped": str(why)}
    except Stuck as why:
        return {"error": f"stuck: {why}"}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def serve(lines, output):
    for line in lines:
        if line.strip():
            said = answer(line)
            if said is None:
                return
            output.write(said + "\n")
            output.flush()
