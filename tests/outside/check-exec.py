#!/usr/bin/env python3
"""`gordian check` of programs that execute others, end, or lose their first
thread: a request ends none of them, and each is answered or told of the end.

Exit: 0 as expected, 1 not so.
"""

import os
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("abs_top_builddir", "build")
GORDIAN = os.path.abspath(os.environ.get("GORDIAN", BUILD + "/gordian"))
LIBRARY = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
SOURCE = os.path.abspath(os.environ.get("abs_top_srcdir", "."))
CHECKS = 100


started = []


def start(*words):
    process = subprocess.Popen(["./act", *words], stdout=subprocess.DEVNULL,
                               env={**os.environ, "LD_PRELOAD": LIBRARY,
                                    "GORDIAN_OPTIONS": "report=%p.jsonl"})
    started.append(process)
    return process


def check(process):
    done = subprocess.run([GORDIAN, "check", str(process.pid)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=50)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def executes():
    """A program that executes itself every 3 ms, until it ends."""
    answered = 0
    process = None
    for _ in range(CHECKS):
        if process is None or process.poll() is not None:
            process = start(*["keep", "5", "nap", "3", "exec"] * 300)
        code, out, err = check(process)
        ended = "ended" in err or "no process" in err
        assert not code or ended, (code, out, err)
        answered += not code
        if process.poll() is not None:
            assert process.returncode >= 0, process.returncode
    assert answered, "no check was answered"


def first_thread_ends():
    """The others go on, and are asked."""
    process = start("keep", "5", "thread", "leave")
    while open(f"/proc/{process.pid}/stat").read().split(") ")[1][0] != "Z":
        time.sleep(0.01)
    code, out, err = check(process)
    assert code == 0, (code, out, err)


def main(directory):
    os.chdir(directory)
    subprocess.run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-pthread", "-I" + SOURCE + "/src",
                    "-I" + SOURCE + "/tests/victims", "-o", "act",
                    SOURCE + "/tests/outside/act.c"], check=True)
    bad = 0
    for test in executes, first_thread_ends:
        try:
            test()
            print("ok  ", test.__name__)
        except AssertionError as error:
            print("FAIL", test.__name__, error)
            bad = 1
    for process in started:
        process.kill()
        process.wait()
    return bad


with tempfile.TemporaryDirectory() as place:
    sys.exit(main(place))
