"""asyncio as an implementation of the specification: `python3 drivers/asyncio` speaks the protocol on stdin and stdout."""

import sys

if sys.version_info < (3, 11):
    sys.exit("asyncio has TaskGroup from CPython 3.11 on, and this is " + sys.version.split()[0])

import protocol

# Of a program that was stuck, coroutines are left; they would complain when they are collected.
sys.unraisablehook = lambda _: None
protocol.serve(sys.stdin, sys.stdout)
