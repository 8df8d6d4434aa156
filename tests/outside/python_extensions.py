#!/usr/bin/env python3
"""Mistakes with extensions of CPython, in C and bound by pybind11: each is found
with its count, and says why the collector does not help."""
import sys

from common import check, main, run
from python_build import NODE, PYTHON, extension, reported

TAKE = """import mistakes
for i in range(40): mistakes.take([i] * 300)
"""
KEEP = NODE + """import gc, mistakes
def make():
    a = Node(); a.ref = mistakes.Keeper(); a.ref.kept = a
for i in range(12): make()
gc.collect()
"""
# Its cure, and rings that the collector sees.
KEPT = NODE + """import gc, mistakes
mistakes.keep_old()
def make():
    a = Node(); a.ref = mistakes.Keeper(); a.ref.kept = a; a.ref.kept = None
    b = Node(); b.ref = b
for i in range(12): make()
gc.collect()
"""
CLOSE = """import bound, gc
class Window:
    def __init__(self, closes):
        self.button = bound.Button()
        self.button.clicked = lambda: self.close()
        if not closes: self.button.clicked = None
    def close(self): pass
for i in range(12): Window(%s)
gc.collect()
"""
DATA = """import bound, gc
class Document: pass
def make():
    d = Document(); d.label = bound.Label(); d.label.data = d
for i in range(12): make()
gc.collect()
"""
# Objects in use, and rings that go through attributes alone.
USED = """import bound, gc
class Window: pass
kept = []
for i in range(12):
    w = Window(); w.button = bound.Button(); w.button.window = w
    w.label = bound.Label(); w.label.data = w; kept.append(w)
for i in range(12):
    b = bound.Button(); b.me = b
for w in kept: w.label.data = None
gc.collect()
"""


def alarms(script):
    code, out, err = run("--format=none --report=x.jsonl", PYTHON, "-c",
                         script)
    assert (code, out, err) == (0, "", ""), (code, out, err)
    return [f for f in reported() if f["confidence"] != "suspect"
            and not f.get("pending") and not f.get("gone")]


def one(script, kind, *types, least=10, most=12):
    """The finding. An old word may hold some; an object in memory that Python
    has used before may have another's stack."""
    found = alarms(script)
    shown = [(f["kind"], f["count"], [m["type"] for m in f["members"]])
             for f in found]
    assert {f["kind"] for f in found} == {kind}, shown
    assert all(set(types) <= {m["type"] for m in f["members"]}
               for f in found), shown
    assert least <= sum(f["count"] for f in found) <= most, shown
    return found[0]


@check
def a_reference_too_many():
    extension("mistakes.c")
    one(TAKE, "excess-ref", "list", least=20, most=40)


@check
def a_type_without_a_traverse():
    extension("mistakes.c")
    found = one(KEEP, "cycle", "Node", "mistakes.Keeper")
    assert "Keeper has no tp_traverse" in found["because"], found["because"]
    assert "kept" in {e["field"] for e in found["edges"]}, found["edges"]
    found = alarms(KEPT)
    assert found == [], found


@check
def a_callback_that_holds_its_object():
    extension("bound.cc")
    one(CLOSE % "True", "cycle", "Window", "bound.Button", "function")
    assert alarms(CLOSE % "False") == []


@check
def an_object_that_cxx_holds():
    extension("bound.cc")
    found = one(DATA, "cycle", "Document", "bound.Label")
    assert "Label has no tp_traverse" in found["because"], found["because"]
    found = alarms(USED)
    assert found == [], found


if __name__ == "__main__":
    sys.exit(main(False))
