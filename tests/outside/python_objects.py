#!/usr/bin/env python3
"""CPython's objects: what its collector will free, what it cannot, and what
lacks a release. Compared with what the collector itself says."""
import json
import os
import sys

from common import GORDIAN, TOP, Skip, check, main, records, run, start
from python_build import FORGET, NODE, PYTHON, counted

GRAPHS = os.path.join(TOP, "tests", "outside", "python_graphs.py")
OPTIONS = "--format=none --report=x.jsonl --threshold=100000000"
PAIR = NODE + "n1 = Node(); n2 = Node(); n1.ref = n2; n2.ref = n1\n"
HELD = """import gc, socket
gc.disable()
class Connection:
    def __init__(self):
        self.file = open("/dev/null")
        self.me = [self]
    def __del__(self): pass
Connection()
"""
SQLITE = """import sqlite3
class App:
    def __init__(self):
        self.db = sqlite3.connect(":memory:")
        self.db.create_function("f", 1, lambda x: self.total + x)
for i in range(8): App()  # the library itself may hold the first and the last
"""

# Each object is made where another one was, of which old words still know: what
# a look-up has found; the state of a string, beside its lowest byte; the items
# of a list that waits to be used again.
OLD = """import ctypes, gc
gc.collect()
gc.disable()
forget = ctypes.pythonapi.Py_IncRef
forget.argtypes = [ctypes.py_object]
forget.restype = None
class Node: pass
kept = []
def looked_up():
    class Owner: node = Node()
    kept.append(Owner)
    was = ~id(Owner.node)
    del Owner.node
    for i in range(99):
        new = Node()
        if ~id(new) == was: break
        kept.append(new)
    else: new = Node()
    forget(new)
def text(i):
    old = b"A" * (591 + 0 * i)
    del old
    forget("x" * 570 + str(i))
for i in range(10): looked_up(), text(i)
lists = [[None] * 75 for i in range(7)]
del lists
for i in range(7): forget("y" * 549 + str(i))
"""

CALLED = """import ctypes, gc
gc.collect()
gc.disable()
forget = ctypes.pythonapi.Py_IncRef
forget.argtypes = [ctypes.py_object]
forget.restype = None
class Node:
    def none(self): pass
def called(i):
    def inner(): return node
    node = Node()
    forget(node)
    for k in range(9): inner()
for i in range(20): called(i)
def waiting():
    nodes = [Node() for i in range(20)]
    for node in nodes: forget(node)
    methods = [node.none for node in nodes]
    for method in methods: method()
waiting()
"""

BUFFERED = """import ctypes, gc, os, struct
gc.collect()
gc.disable()
class Node: pass
def lose(i):
    node = Node()
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(node))
    return struct.pack("Q", id(node) - 16 * (i % 2)) * 99
def note():
    out = os.open("words", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    for i in range(10): os.write(out, lose(i))
note()
file = open("words", "rb", 8192)
file.read(1)
"""

OPENED = """import socket
class Node: pass
one, two = Node(), Node()
one.two, two.one = two, one
one.file, two.peer = open("/dev/null", "rb", 0), socket.socket()
vars(one), vars(two)
del one, two
"""


def findings(script, *words, path="x.jsonl", python=PYTHON):
    if not os.path.exists(python):
        raise Skip(python + " is not installed")
    run(OPTIONS, python, *(["-c", script] if script else words))
    return [f for f in records(path, "finding") if "members" in f]


def alarms(found):
    return [f for f in found
            if not f.get("pending") and f["confidence"] != "suspect"]


def members(finding):
    return [(m.get("type"), m.get("refcount")) for m in finding["members"]
            if "part_of" not in m]


def of_type(found, name):
    return [f for f in found if name in [m.get("type")
                                         for m in f["members"]]]


@check
def the_textbook_example_is_pending():
    found = findings(PAIR + "del n1, n2")
    assert alarms(found) == [], found
    one, = of_type(found, "Node")
    assert one["kind"] == "cycle" and one["pending"] and one["count"] == 1
    assert members(one) == [("Node", 1)] * 2, one
    assert {m["runtime"] for m in one["members"]} == {"python"}, one
    fields = {e["field"] for e in one["edges"] if e.get("field")}
    assert "ref" in fields, one["edges"]


@check
def one_of_two_names_holds_both():
    assert findings(PAIR + "del n1") == []


@check
def without_a_collector_it_is_an_alarm():
    script = PAIR + "import gc; gc.disable(); del n1, n2"
    one, = of_type(alarms(findings(script)), "Node")
    assert "disabled" in one["because"], one
    frozen = PAIR + "import gc; gc.freeze(); del n1, n2"
    assert of_type(alarms(findings(frozen)), "Node")


@check
def releases_are_missing():
    for made, name in (("[i] * 300", "list"), ("bytes(3000 + i)", "bytes")):
        many = (FORGET % made).replace("range(10)", "range(100)")
        found = alarms(findings(many))
        assert {f["kind"] for f in found} == {"excess-ref"}, found
        # old words lead into some of the memory that they take
        assert 80 <= sum(f["count"] for f in found) <= 100, found
        assert {m[0] for f in found for m in members(f)[:1]} == {name}, found


@check
def old_words_hold_nothing():
    found = counted(findings(OLD))
    # a word somewhere may lead to one of them by chance
    assert 9 <= found.pop(("excess-ref", "Node")) <= 10, found
    assert 15 <= found.pop(("excess-ref", "str")) <= 17, found
    assert not found, found


@check
def remembered_functions_are_not_owned():
    """By their versions, since 3.12; what waits for its use, since 3.14."""
    found = counted(findings(CALLED))
    # the last of each may be left on the interpreter's stack
    assert 36 <= found.pop(("excess-ref", "Node")) <= 40 and not found, found


@check
def a_buffer_of_a_file_holds_nothing():
    found = counted(findings(BUFFERED))
    assert 8 <= found.pop(("excess-ref", "Node")) <= 10 and not found, found


@check
def what_a_dictionary_holds_is_named():
    one, = of_type(findings(OPENED), "Node")
    assert len([r for m in one["members"]
                for r in m.get("resources", [])]) == 2, one


@check
def an_array_in_which_none_waits_holds_nothing():
    """The interpreter's, of what is to be used again."""
    for made, name in (("{'a': i}", "dict"), ("[i]", "list")):
        waiting = "all = [%s for i in range(70)]\ndel all\n" % made
        many = (FORGET % made).replace("range(10)", "range(100)")
        found = counted(findings(waiting + many))
        assert set(found) == {("excess-ref", name)}, found
        assert found["excess-ref", name] >= 96, found


@check
def ends_and_descriptors_are_named():
    found = of_type(findings(HELD), "Connection")
    one = [m for m in found[0]["members"] if m.get("type") == "Connection"][0]
    assert one["finalizer"] == "Connection.__del__", one
    assert one["resources"], one
    code, text, err = start([GORDIAN, "report", "x.jsonl"])
    assert "finalizer: Connection.__del__\n" in text, text
    assert "Connection holds open fd" in text, text


@check
def a_cycle_through_the_memory_of_c():
    script = "import sqlite3\n"
    try:
        import sqlite3  # noqa: F401
    except ImportError:
        raise Skip("there is no sqlite3")
    assert of_type(alarms(findings(script)), "sqlite3.Connection") == []
    one = of_type(alarms(findings(SQLITE)), "sqlite3.Connection")[0]
    assert one["kind"] == "cycle", one
    assert "App" in [m.get("type") for m in one["members"]], one


def rings(graph):
    """The components of the collector's garbage that are cycles."""
    index, low, stack, done, out = {}, {}, [], set(), []

    def visit(root):
        work = [(root, iter(graph[root][1]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            at, to = work[-1]
            for next_ in to:
                if next_ not in index:
                    index[next_] = low[next_] = len(index)
                    stack.append(next_)
                    work.append((next_, iter(graph[next_][1])))
                    break
                if next_ not in done:
                    low[at] = min(low[at], index[next_])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[at])
                if low[at] == index[at]:
                    ring = set()
                    while at not in ring:
                        ring.add(stack.pop())
                    done.update(ring)
                    if len(ring) > 1 or at in graph[at][1]:
                        out.append(ring)

    for at in graph:
        if at not in index:
            visit(at)
    return out


@check
def random_graphs_as_the_collector_sees_them():
    heads = (0, 16, 32)  # before an object in its block
    for seed in range(1, 1 + int(os.environ.get("SEEDS", 2))):
        found = findings("", GRAPHS, str(seed),
                         "100", "want.json")
        with open("want.json") as file:
            graph = {int(k): v for k, v in json.load(file).items()}
        assert len(graph) > 100, len(graph)
        cycles = [f for f in alarms(found) if f["kind"] == "cycle"]
        assert [f for f in alarms(found) if f not in cycles] == [], found
        shown = set()
        for f in cycles:
            for m in f["members"]:
                at = int(m["address"], 16)
                shown.update(at + head for head in heads)
                if m.get("refcount") is None or m["type"] in (
                        "tuple", "dict", "set", "generator"):
                    continue  # a part; or the collector does not track it, or
                    # has closed it before it lists it
                assert any(at + head in graph for head in heads), (f, m)
        missed = [ring for ring in rings(graph)
                  if not all(at in shown or graph[at][0] in ("dict", "tuple")
                             for at in ring)]
        folded = sum(f["count"] - 1 for f in cycles)
        assert len(missed) <= folded, (len(missed), folded,
                                       [graph[at] for at in missed[0]])


if __name__ == "__main__":
    sys.exit(main(False))
