#!/usr/bin/env python3
"""The test modules of Python's standard library under Gordian: in the processes
that run Python nothing is found but what really leaks (KNOWN).

python_suite.py [--all | MODULE…]. Whether a module's own tests pass is not
looked at. What else it runs (compilers, linkers) is left out. Needs the package
libpython3-testsuite."""
import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from common import GORDIAN, environment
from python_build import PYTHON, asked

SECONDS = 900
# Some seconds each.
QUICK = """test_array test_ast test_asyncgen test_bytes test_class test_cmd_line
test_codecs test_collections test_context test_copy test_coroutines test_csv
test_ctypes test_dataclasses test_datetime test_dbm_ndbm test_deque test_descr
test_dict test_enum test_exceptions test_fork1 test_functools test_gc
test_generators test_httplib test_itertools test_json test_list test_logging
test_lzma test_memoryview test_os test_pickle test_posix test_queue test_re
test_sched test_set test_socket test_sqlite3 test_ssl test_struct test_sys
test_thread test_threading test_tuple test_types test_unicode test_urllib
test_weakref test_xml_etree test_xml_etree_c test__xxsubinterpreters
test_zlib""".split()
# They need a screen, a network, hours, or all of the machine's memory, or are
# there to crash.
LEFT_OUT = re.compile("test_(tk|ttk.*|tix|idle|turtle|crashers|big.*|smtpnet|"
                      "urllib2?net|gdb|ossaudiodev|.*64|largefile|tools|"
                      "peg_generator|cppext|ensurepip|venv|distutils)")


class Known:
    """A leak that is real. where: a function or a module that stands in its
    stack, or its finalizer."""

    def __init__(self, where, why):
        self.where, self.why = re.compile(where), why

    def covers(self, finding):
        head = finding["members"][0]
        names = [head["finalizer"]]
        for frame in head["stack"]:
            names += [frame["function"],
                      os.path.basename(frame["module"] or "")]
        return any(self.where.fullmatch(name or "") for name in names)


# By the sources of CPython 3.11, unless they say otherwise.
KNOWN = [
    Known(r".*(at_fork_reinit|_after_fork)",
          "_PyThread_at_fork_reinit() leaks the old lock, on purpose"),
    Known(r"SSL(Socket|Object)\.session",
          "PySSL_get_session() duplicates a session and forgets the copy"),
    Known("__db_ndbm_open", "libdb forgets its handle where the file cannot "
          "be opened; seen by valgrind"),
    Known("(_generator|bit_generator|mtrand|_bounded_integers|_common|"
          r"_mt19937|_pcg64|_philox|_sfc64)\..*so",
          "numpy: Cython keeps these in variables that no code reads, so that "
          "the compiler leaves the variables out"),
    Known("tp_del", "the collector leaves types with tp_del alone; test_gc "
          "makes one"),
]
NUMPY = next(k for k in KNOWN if k.why.startswith("numpy"))


def are_known(findings):
    """Those that are known. A tuple of CPython's free list has the stack of its
    first use: beside numpy's others it may be numpy's. `import numpy.random`
    alone loses the same ones as test_pickle, 23 tuples and 11 code objects."""
    numpy = any(NUMPY.covers(f) for f in findings)
    return [f for f in findings if any(k.covers(f) for k in KNOWN) or
            (numpy and f["kind"] == "excess-ref" and
             f["members"][0]["type"] == "tuple")]


def modules():
    place = os.path.join(asked("s.get_paths()['stdlib']"), "test")
    names = {name.split(".")[0] for name in os.listdir(place)
             if re.fullmatch(r"test_\w+(\.py)?", name)}
    if "test_gc" not in names:
        sys.exit("libpython3-testsuite is not installed")
    return names


def is_python(report):
    with open(report, errors="replace") as file:
        return re.search(r'"exe":"[^"]*/python3[^"/]*"', file.readline())


def alarms(reports):
    files = [file for file in glob.glob(os.path.join(reports, "r.jsonl*"))
             if is_python(file)]
    if not files:
        return []
    out = subprocess.run([GORDIAN, "report", "--format=json", *files],
                         check=True, stdout=subprocess.PIPE).stdout
    return [f for f in json.loads(out)["findings"]
            if f["confidence"] != "suspect" and not f.get("pending")
            and not f.get("gone")]


def describe(finding):
    members = finding["members"]
    frames = ["%s (%s:%s)" % (frame["function"] or frame["offset"],
                              os.path.basename(frame["file"] or
                                               frame["module"] or "?"),
                              frame["line"])
              for frame in members[0]["stack"][:10]]
    return "    %s %s %d × %s, %d bytes\n        %s" % (
        finding["confidence"], finding["kind"], finding["count"],
        " ".join(str(m["type"]) for m in members[:6]), finding["bytes"],
        "\n        ".join(frames))


def try_module(name):
    """Its line, and what is found that is not known."""
    reports = tempfile.mkdtemp(prefix="gordian-suite.")
    try:
        status = subprocess.run(
            [GORDIAN, "run", "--format=none", "--quiet", "--report=" +
             os.path.join(reports, "r.jsonl"), "--", PYTHON, "-m", "test",
             "-q", name], cwd=reports, env=environment(), timeout=SECONDS,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode
    except subprocess.TimeoutExpired:
        status = "none in time"
    found = alarms(reports)
    known = are_known(found)
    new = [f for f in found if f not in known]
    shutil.rmtree(reports, ignore_errors=True)
    return "%s %s: status %s, %d known" % (
        "not ok" if new else "ok", name, status,
        len(known)), new


def main():
    have = modules()
    words = sys.argv[1:] or [m for m in QUICK if m in have]
    if words == ["--all"]:
        words = sorted(m for m in have if not LEFT_OUT.fullmatch(m))
    fine = True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for line, new in pool.map(try_module, words):
            print(line, *map(describe, new), sep="\n", flush=True)
            fine = fine and not new
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
