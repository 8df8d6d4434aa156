#!/usr/bin/env python3
"""CPython in its other forms: interpreters inside an interpreter, threads,
children by fork and by spawn, with allocators that the user has chosen."""
import glob
import os
import sys

from common import Skip, check, environment, main, run, start, warnings
from python_build import FORGET, NODE, PYTHON, counted, need_python, reported

OPTIONS = "--format=none --report=x.jsonl "
INNER = """import os, sys
try:
    import _interpreters as inner
    run = inner.exec
except ImportError:
    try:
        import _xxsubinterpreters as inner
    except ImportError:
        sys.exit(77)
    run = inner.run_string
"""
# One that is gone, one that lives at the end. (Modules that keep static types
# leak them in each interpreter.)
INNER_LEAKS = INNER + NODE + """
one = inner.create(); run(one, "import json, threading"); inner.destroy(one)
two = inner.create()
run(two, '''import gc
gc.disable()
class Inner: pass
kept = []
for i in range(20):
    a = Inner(); b = Inner(); a.b = b; b.a = a
for i in range(20):
    a = Inner(); b = Inner(); a.b = b; b.a = a; kept.append(a)
''')
a = Node(); a.ref = a; del a
os._exit(3)
"""
THREADS = NODE + """import gc, threading
gc.collect()
gc.disable()
kept = []
def work():
    for i in range(200):
        a = Node(); b = Node(); a.ref = b; b.ref = a; kept.append(b)
    for i in range(50):
        a = Node(); b = Node(); a.ref = b; b.ref = a
threads = [threading.Thread(target=work) for i in range(4)]
for t in threads: t.start()
for t in threads: t.join()
"""
CHILDREN = FORGET.replace("for i", "def lose():\n  for i") + """
import multiprocessing, sys
def double(x):
    return 2 * x
def leak(queue):
    lose()
    queue.put(7)
if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Pool(2) as pool:
        print(pool.map(double, range(5)))
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=leak, args=(queue,))
    child.start()
    print(queue.get())
    child.join()
    sys.exit(child.exitcode)
"""


def alarms(script, *words, options="", status=0, out="", env=None):
    """(kind, type): count. The first object of a class may be laid out
    otherwise than the rest."""
    need_python()
    for path in glob.glob("x.jsonl*"):
        os.unlink(path)
    with open("script.py", "w") as file:
        file.write(script)
    code, said, err = run(OPTIONS + options, PYTHON, "script.py", *words,
                          env=env)
    if code == 77:
        raise Skip("this Python has no interpreters inside of it")
    assert (code, said) == (status, out), (code, said, err)
    return counted(reported(*glob.glob("x.jsonl*")))


def has_immortals():
    """As of 3.12 some objects are never freed."""
    asked = "import sys; sys.exit(sys.getrefcount(None) < 1 << 30)"
    return start([PYTHON, "-c", asked])[0] == 0


@check
def interpreters_inside_an_interpreter():
    for options in "", "--interval=0.01 --budget=100":
        found = alarms(INNER_LEAKS, status=3, options=options)
        if has_immortals():  # strings of code, which outlive their interpreter
            found.pop(("lost", None), None)
        assert set(found) == {("cycle", "Inner")}, found
        assert 18 <= found["cycle", "Inner"] <= 20, found


@check
def threads():
    for options in "", "--interval=0.01 --budget=100":
        found = alarms(THREADS, options=options)
        assert set(found) == {("cycle", "Node")}, found
        # an old word of each thread may hold one
        assert 190 <= found["cycle", "Node"] <= 200, found


def judge_children(method, least):
    found = alarms(CHILDREN % "[i] * 300", method,
                   out="[0, 2, 4, 6, 8]\n7\n")
    assert set(found) == {("excess-ref", "list")}, found
    assert least <= found["excess-ref", "list"] <= 10, found


@check
def children_by_fork():
    """Some lists lie in blocks that were the parent's."""
    judge_children("fork", 1)


@check
def children_by_spawn():
    judge_children("spawn", 8)


@check
def children_by_a_server_that_forks():
    judge_children("forkserver", 1)


@check
def allocators_of_the_user():
    """What it finds, and what it says where objects are in no blocks."""
    script = NODE + """import gc
gc.disable()
for i in range(5):
    a = Node(); b = Node(); a.ref = b; b.ref = a
del a, b
"""
    for name in ("malloc", "malloc_debug", "pymalloc", "pymalloc_debug",
                 "debug", "default"):
        env = environment(PYTHONMALLOC=name)
        plain = start([PYTHON, "-c", script], env=env)
        assert plain == (0, "", ""), plain
        found = alarms(script, env=env)
        if name.startswith("malloc"):
            assert found in ({("cycle", "Node"): 5}, {("cycle", "Node"): 4}), \
                (name, found)
            assert warnings() == [], warnings()
        else:
            assert found == {}, (name, found)
            assert any("PYTHONMALLOC=malloc" in w for w in warnings()), name


if __name__ == "__main__":
    sys.exit(main(False))
