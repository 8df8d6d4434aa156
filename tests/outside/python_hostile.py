#!/usr/bin/env python3
"""A tp_traverse that crashes, loops, lies or does worse ends that part of one
scan with a warning: never the program, never the rest of the report. One that
changes what it looks at does so for itself."""
import ctypes
import os
import sys

from common import Skip, check, main, records, run, scans, warnings
from python_build import PYTHON, extension

# The interpreter's own collector must never run.
SCRIPT = '''import gc, os, sys
gc.disable()
import hostile
class Node: pass
RINGS = """def ring(new):
    for i in range(4):
        a = Node(); a.other = new(); a.other.held = a
"""
keep = [new() for new in hostile.types]
for new in [Node] + hostile.types:
    exec(compile(RINGS, new.__name__, "exec"))
    ring(new)
hostile.call(lambda: os._exit(5))
'''
CRASHES, SPINS, CALLS, LIES = (
    "crashes", "does not return", "makes a system call",
    "visits what its object does not hold")
EXPECTED = {
    "Crash": CRASHES, "Recurse": CRASHES, "Spin": SPINS,
    "SpinVisiting": LIES, "Stop": CALLS, "WaitForLock": CALLS,
    "Allocate": "allocates without end", "Jump": CALLS, "TouchFile": CALLS, "Leave": CALLS,
    "Divide": CALLS, "VisitNothingThere": LIES, "VisitNull": LIES,
    "VisitMiddle": LIES, "VisitTooOften": LIES}

LAZY = """import gc, os
gc.disable()
import lazy
kept = [lazy.Lazy() for i in range(3000)]
os._exit(0)
"""


def need_fence():
    """Turns off what is off."""
    if ctypes.CDLL(None).prctl(59, 0, 0, 0, 0):
        raise Skip("this kernel has no dispatch of system calls")


def reasons():
    """Of each type that was given up."""
    found = {}
    for text in warnings():
        if text.startswith("tp_traverse of Python's type hostile."):
            name, _, why = text.partition("hostile.")[2].partition(" ")
            found[name] = why.partition(":")[0]
    return found


@check
def only_that_part_of_a_scan_ends():
    need_fence()
    extension("hostile.c")
    code, out, err = run("--format=none --report=x.jsonl", PYTHON, "-c",
                         SCRIPT)
    assert (code, out, err) == (5, "", ""), (code, out, err)
    assert scans("exit") and records("x.jsonl", "end")[-1]["scan"]
    assert reasons() == EXPECTED, reasons()
    assert not os.path.exists("touched")
    found = [f for f in records("x.jsonl", "finding")
             if "members" in f and f["confidence"] != "suspect"
             and not f.get("pending")]
    cycles = [{m.get("type") for m in f["members"]} - {None}
              for f in found if f["kind"] == "cycle"]
    for name in EXPECTED:
        assert {"Node", "hostile." + name} in cycles, (name, cycles)
    assert {"Node"} in cycles, cycles


@check
def what_it_changes_ends_with_the_scan():
    """Such code has memory. What it freed is there when blocks are marked."""
    extension("lazy.c")
    code, out, err = run("--format=none --report=x.jsonl", PYTHON, "-c", LAZY)
    assert (code, out, err) == (0, "", ""), (code, out, err)
    assert scans("exit") and not warnings(), warnings()
    # its start leaves a ring to the collector, since 3.13 in sight of a scan
    found = [f for f in records("x.jsonl", "finding") if not f.get("pending")]
    assert not found, found


if __name__ == "__main__":
    sys.exit(main(False))
