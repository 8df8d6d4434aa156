#!/usr/bin/env python3
"""A program that embeds CPython, once and again: what the interpreter leaves
behind is no leak, what leaked before its end stays one, and so does what the
program itself loses."""
import sys

from common import check, main, run, start, warnings
from python_build import FORGET, NODE, counted, embedding, reported

# Static types, modules that keep what they have made from life to life.
LIBRARY = """import ctypes, datetime, decimal, json, socket, sqlite3, ssl
import threading, xml.etree.ElementTree
class N: pass
a = N(); a.a = a
print(len(json.dumps(list(range(10)))))
"""
RING = NODE + """import gc
gc.disable()
for i in range(5):
    a = Node(); a.ref = a
del a
"""


def alarms(lives, script, *losses):
    program = embedding("embedding.c")
    words = [program, str(lives), script, *losses]
    plain = start(words)
    assert plain[0] == 3, plain
    ours = run("--format=none --report=x.jsonl", *words)
    assert ours == plain, (ours, plain)
    assert warnings() == [], warnings()
    return counted(reported())


@check
def what_an_interpreter_leaves_is_no_leak():
    for lives in 1, 3:
        found = alarms(lives, LIBRARY)
        assert found == {}, (lives, found)


@check
def what_leaked_before_its_end_stays():
    for lives in 1, 3:
        found = alarms(lives, RING)
        assert set(found) == {("cycle", "Node")}, (lives, found)
        found = alarms(lives, FORGET % "[i] * 300")
        assert set(found) == {("excess-ref", "list")}, found
        # an old word may hold one in each life
        n, = found.values()
        assert 8 * lives <= n <= 10 * lives, (lives, found)


@check
def what_the_program_loses_itself_is_found():
    # what the interpreter has freed may still be pointed at
    for lives in 1, 3:
        ((kind, _), n), = alarms(lives, LIBRARY, "100").items()
        assert kind == "lost" and 50 * lives <= n <= 100 * lives, n


if __name__ == "__main__":
    sys.exit(main(False))
