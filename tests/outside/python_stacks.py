#!/usr/bin/env python3
"""Frames of Python code in the stacks of what CPython allocates."""
import json
import os
import sys

from common import GORDIAN, Skip, check, main, records, run, start

PYTHON = "/usr/bin/python3"
# With the interpreter's lock (PyDLL) and without.
LEAK = """import ctypes, sys
def leak(n, malloc=LIBRARY(None).malloc):
    for _ in range(4): malloc(ctypes.c_size_t(n))  # a stale word holds one
"""
NESTED = LEAK + """class K:
    def méthode(self, n):
        leak(n)
        (lambda:
            leak(n + 1))()
def deep(k):
    if k:
        return deep(k - 1)
    K().méthode(5001)
for _ in range(3):
    deep(40)
def generate():
    yield 1
    leak(
        5003)
sum(generate() for _ in [1]
    ) if 0 else list(generate())
exec(compile("\\n\\nleak(5004)", "made up", "exec"))
import threading
t = threading.Thread(target=leak, args=[5005]); t.start(); t.join()
"""
# Code is made and dropped at the same addresses.
AGAIN = LEAK + """for i in range(300):
    exec(compile("\\n" * i + "leak(%d)" % (6000 + i), "f%d" % (i % 7), "exec"))
"""
# One instruction, two ways from it to malloc.
WAYS = """import ctypes
libc = ctypes.PyDLL(None)
calls = [(libc.malloc, ctypes.c_size_t(7001)), (libc.strdup, b"x" * 7002)]
def leak(function, argument): function(argument)
for i in range(12): leak(*calls[i % 2])
"""


def stacks(script, options="", env=None):
    """Of each leaked block of that size its Python frames, innermost first:
    (function, file, line)."""
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")
    with open("script.py", "w") as file:
        file.write(script)
    code, out, err = run("--format=none --report=x.jsonl " + options, PYTHON,
                         "script.py", env=env)
    assert code == 0, err
    code, out, err = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    found = {}
    for finding in json.loads(out)["findings"]:
        for member in finding["members"] if finding["kind"] == "lost" else []:
            found[member["size"]] = [
                (f["function"], os.path.basename(f["file"]), f["line"])
                for f in member["stack"] if f["module"] == "python"]
    return found


def functions(size):
    """Of the blocks of that size in the last report, inside of Python code."""
    code, out, err = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    return [f["function"] for finding in json.loads(out)["findings"]
            for member in finding["members"][:1] if member["size"] == size
            for f in member["stack"] if f["module"] != "python"]


@check
def lines_are_those_of_the_code():
    for library in "ctypes.CDLL", "ctypes.PyDLL":
        found = stacks(NESTED.replace("LIBRARY", library))
        at = ("leak", "script.py", 3)
        outer = [("deep", "script.py", 12), ("deep", "script.py", 11),
                 ("<module>", "script.py", 14)]
        method = found[5001][1][0]
        assert method in ("K.méthode", "méthode"), method  # as of 3.11
        assert found[5001] == [at, (method, "script.py", 6)] + outer, found
        assert found[5002][2:] == [(method, "script.py", 7)] + outer, found
        assert found[5002][1][1:] == ("script.py", 8), found
        assert found[5003][:2] == [at, ("generate", "script.py", 17)], found
        assert found[5004][:2] == [at, ("<module>", "made up", 3)], found
        assert found[5005][0] == at, found
        assert found[5005][1][1] == "threading.py", found


@check
def code_at_an_address_is_told_from_the_code_before():
    found = stacks(AGAIN.replace("LIBRARY", "ctypes.PyDLL"))
    found = {size: frames for size, frames in found.items() if size >= 6000}
    assert len(found) >= 7, found  # one of a file, at least
    for size, frames in found.items():
        i = size - 6000
        assert frames[1] == ("<module>", "f%d" % (i % 7), i + 1), (i, frames)


@check
def what_is_inside_of_one_instruction_is_told_apart():
    found = stacks(WAYS)
    assert {7001, 7003} <= set(found), found
    assert "strdup" in str(functions(7003)), functions(7003)
    assert "strdup" not in str(functions(7001)), functions(7001)


@check
def they_can_be_left_out():
    found = stacks(NESTED.replace("LIBRARY", "ctypes.CDLL"), "--python-stacks=no")
    assert found and not any(found.values()), found
    assert not any("python" in r for r in records("x.jsonl", "finding"))


@check
def a_program_without_an_interpreter_has_none():
    run("--format=none --report=y.jsonl", "sh", "-c", "exit 0")
    assert not any("python" in r for r in records("y.jsonl"))


@check
def all_is_well_with_scans_all_the_time():
    """Threads, generators, exceptions, deep recursion, dropped code."""
    code, out, err = run(
        "--format=none --report=z.jsonl --interval=0.01 --budget=100", PYTHON,
        "-c", """import threading, json, sys
sys.setrecursionlimit(5000)
def f(n): return [n] if n == 0 else f(n - 1) + [n]
def work(k):
    for i in range(5):
        f(900); exec("x = [%d]" % i); json.dumps(list(range(999)))
        try: {}[i]
        except KeyError as e: y = [e]
ts = [threading.Thread(target=work, args=[i]) for i in range(3)]
[t.start() for t in ts]; work(9); [t.join() for t in ts]; print("done")""")
    assert (code, out) == (0, "done\n"), (code, err[-900:])


if __name__ == "__main__":
    sys.exit(main())
