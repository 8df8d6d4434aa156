#!/usr/bin/env python3
"""Leaks that were reported of real programs: tests/wild/* make the same calls in
the same order, on the libraries that are installed. Each is found, with its
exact count, and its cure is silent."""
import os
import shutil
import subprocess
import sys

from common import TOP, Skip, build, check, environment, findings_of, main, \
    package_flags, run
from python_build import extension

PLACE = os.path.join(TOP, "tests", "wild")
PYTHON = "/usr/bin/python3"
PHP = "/usr/bin/php"


def make(name, to, *flags):
    """Builds it, mended if it is to be called so."""
    source = os.path.join(PLACE, name)
    if not name.endswith(".rs"):
        mended = ["-DMENDED"] if to == "mended" else []
        build(*mended, source, "-o", to, *flags)
        return
    if not shutil.which("rustc"):
        raise Skip("rustc is not installed")
    mended = ["--cfg", "mended"] if to == "mended" else []
    subprocess.run(["rustc", "-A", "warnings", "-g", *mended, "-o", to, source],
                   check=True)


def seen(name, *flags):
    """Of each that no other holds: kind, count, the program's functions that
    took it and how often, or the one that allocated it"""
    make(name, "wild", *flags)
    code, _, err = run("--format=none --report=x.jsonl", "./wild")
    assert code == 0, (code, err)
    make(name, "mended", *flags)
    code, _, err = run("--format=none --report=y.jsonl", "./mended")
    assert code == 0, (code, err)
    assert not findings_of("y.jsonl"), findings_of("y.jsonl")
    found = findings_of()
    nested = {inner for f in found for inner in f["nested"]}
    return sorted((f["kind"], f["count"], *places_of(f, name)) for f in found
                  if f["id"] not in nested and f["confidence"] != "suspect")


def places_of(finding, name):
    took = [(function_in(acquired["stack"], name), acquired["count"])
            for acquired in finding["acquires"]]
    member = finding["members"][finding["head"]]
    return sorted(took) or [function_in(member["stack"], name)]


def function_in(stack, name):
    return next(frame["function"].split("(")[0] for frame in stack
                if os.path.basename(frame["file"] or "") == name)


def library(name, package, *expected):
    found = seen(name + ".c", *package_flags(package))
    assert found == list(expected), found


@check
def json_c():
    library("json-c", "json-c", ("excess-ref", 3, "show_nht"))


@check
def jansson():
    library("jansson", "jansson", ("excess-ref", 3, "pack_peer"),
            ("lost", 3, "pack_peer"))


@check
def glib():
    library("glib", "glib-2.0", ("excess-ref", 3, "update_timeout"))


@check
def gstreamer():
    library("gstreamer", "gstreamer-1.0",
            ("excess-ref", 3, ("main", 1), ("push_buffer", 1),
             ("push_buffer", 1)))


@check
def openssl():
    library("openssl", "libcrypto", ("lost", 3, ("curve_size", 1)))


@check
def libxml2():
    library("libxml2", "libxml-2.0", ("lost", 3, "parse"))


@check
def talloc():
    library("talloc", "talloc", ("cycle", 3, "buffer_copy"))


@check
def sd_bus():
    library("sd-bus", "libsystemd", ("lost", 3, "get_guid"))


@check
def shared_ptr():
    found = seen("shared_ptr.cc")
    assert found == [("cycle", 3, "make_problem")], found


@check
def weak_ptr():
    found = seen("weak_ptr.cc")
    assert found == [("cycle", 3, "serve_one")], found


@check
def arc():
    found = seen("arc.rs")
    assert found == [("cycle", 3, "arc::create_index")], found


def interpreted(script, *words, lacks):
    """What unmended() says of a program in Python"""
    program = [PYTHON, os.path.join(PLACE, script), *words]
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")
    if subprocess.run(program, check=False).returncode:
        raise Skip(PYTHON + " lacks " + lacks)
    return unmended(*program)


def unmended(*program, **rest):
    """(kind, count, type of the head, types of all) of the alarms that no other
    holds"""
    code, _, err = run("--format=none --report=x.jsonl", *program, **rest)
    assert code == 0, err
    code, _, err = run("--format=none --report=y.jsonl", *program, "mended",
                       **rest)
    assert code == 0, err
    assert not alarms(findings_of("y.jsonl")), findings_of("y.jsonl")
    found = findings_of()
    nested = {inner for f in found for inner in f["nested"]}
    return [(f["kind"], f["count"], f["members"][f["head"]]["type"],
             {m["type"] for m in f["members"]})
            for f in alarms(found) if f["id"] not in nested]


def alarms(found):
    return [f for f in found
            if not f.get("pending") and f["confidence"] != "suspect"]


def rings(found, *types):
    """How many cycles there are, all of which these types take part in"""
    assert found, "no cycle"
    for kind, _, _, names in found:
        assert kind == "cycle" and set(types) <= names, found
    return sum(count for _, count, _, _ in found)


@check
def cpython_lists():
    """Some come from CPython's list of free ones: their stacks are older."""
    found = interpreted("cpython.py", "message", lacks="ctypes or sqlite3")
    assert {(kind, head) for kind, _, head, _ in found} == \
        {("excess-ref", "list")}, found
    assert sum(count for _, count, _, _ in found) == 10, found


@check
def cpython_connections():
    found = interpreted("cpython.py", "store", lacks="ctypes or sqlite3")
    assert rings(found, "Store") == 10, found


@check
def pygobject():
    for what, name in (("page", "Page"), ("forecast", "Forecast")):
        found = interpreted("pygobject.py", what, lacks="PyGObject")
        assert rings(found, name, "GSimpleAction") == 10, found


@check
def pybind11():
    extension(os.path.join(PLACE, "pydrake.cc"))
    found = interpreted("pydrake.py", lacks="what pybind11 needs")
    assert rings(found, "Logger", "method") == 10, found


@check
def php():
    """With USE_ZEND_ALLOC=0 each object is a block. PHP's end leaves one of each
    ring."""
    if not os.path.exists(PHP):
        raise Skip(PHP + " is not installed")
    program = [PHP, os.path.join(PLACE, "php.php")]
    for alloc, expected in ("0", [("lost", 10)]), ("1", []):
        found = unmended(*program, env=environment(USE_ZEND_ALLOC=alloc))
        assert [f[:2] for f in found] == expected, found


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
