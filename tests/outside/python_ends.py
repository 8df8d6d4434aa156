#!/usr/bin/env python3
"""CPython uses malloc, and the last scan is made before its last collection:
the interpreter is whole then, and what it leaves later is no leak."""
import glob
import os
import signal
import sys

from common import Skip, check, main, preload, records, run, scans, start

PYTHON = "/usr/bin/python3"
WHOLE = 3000  # blocks; an interpreter that has ended leaves a tenth
THREADS = """import threading, sys
class N: pass
def work():
    for i in range(100):
        a, b = N(), N(); a.b = b; b.a = a
threads = [threading.Thread(target=work) for i in range(4)]
for t in threads: t.start()
for t in threads: t.join()
"""
DAEMONS = """import threading, time
def work():
    while True:
        with open("/dev/null", "rb", buffering=0) as f: f.read(7)
for i in range(6): threading.Thread(target=work, daemon=True).start()
time.sleep(0.01)
"""
QUIET = "--format=none --report=x.jsonl"


def need_python():
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")


def blocks(path="x.jsonl"):
    """Of the last scan, the only one at the end."""
    assert len(scans("exit", path)) == 1, scans("exit", path)
    return records(path, "scan")[-1]["blocks"]


def status(script, *flags, options=QUIET, **rest):
    code, out, err = run(options, PYTHON, *flags, "-c", script, **rest)
    assert "unknown:" not in err, err
    return code


@check
def the_environment_says_malloc():
    need_python()
    words = ["sh", "-c", "echo $PYTHONMALLOC"]
    assert run(QUIET, *words)[1] == "malloc\n"
    env = dict(os.environ, PYTHONMALLOC="debug")
    assert run(QUIET, *words, env=env)[1] == "debug\n"


@check
def what_the_user_has_set_stays():
    need_python()
    assert status("", env=dict(os.environ, PYTHONMALLOC="pymalloc")) == 0
    assert blocks() < WHOLE, blocks()
    env = dict(os.environ, PYTHONMALLOC="nonsense")
    assert status("", env=env) == start([PYTHON, "-c", ""], env=env)[0] == 1


@check
def an_interpreter_that_asks_nobody_uses_malloc():
    need_python()
    for flags in ["-E"], ["-I"], ["-I", "-S"], ["-X", "dev"]:
        assert status("", *flags) == 0
        assert blocks() > WHOLE, (flags, blocks())
    assert preload("report=%n.jsonl", "env", "-i", PYTHON, "-I", "-c", "") == \
        (0, "", "")
    report, = glob.glob("python3*.jsonl")
    assert blocks(report) > WHOLE


@check
def the_last_scan_sees_the_interpreter_whole():
    need_python()
    for script, code in (
            ("", 0), ("raise SystemExit(3)", 3), ("1 / 0", 1),
            ("import sys; sys.stdout.close(); sys.stderr = None", 0),
            ("import signal; signal.signal(2, signal.SIG_IGN)", 0),
            ("import signal; signal.signal(2, signal.SIG_DFL)", 0),
            ("import atexit; atexit.register(print, 1)", 0),
            (THREADS, 0), (THREADS + "sys.exit(7)", 7),
            ("import threading, time; threading.Thread(target=time.sleep, "
             "args=[99], daemon=True).start()", 0)):
        assert status(script) == code, script
        assert blocks() > WHOLE, (script, blocks())
        end = records("x.jsonl", "end")[-1]
        assert end["exit"] == code and end["scan"], (script, end)
    status("", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    assert blocks() > WHOLE, "with SIGINT ignored"


@check
def nothing_is_decided_after_it():
    """Teardown goes through many states; none is looked at."""
    need_python()
    assert status(THREADS, options=QUIET + " --interval=0.01 --budget=100 "
                  "--threshold=200") == 0
    found = [r for r in records("x.jsonl") if r["t"] in ("scan", "finding")]
    last = max(i for i, r in enumerate(found) if r["t"] == "scan")
    assert found[last]["trigger"] == "exit", found[last]
    assert not records("x.jsonl", "finding")[-1:] or \
        all(r["confidence"] == "suspect" or r.get("pending")
            for r in records("x.jsonl", "finding")
            if r["scan"] == found[last]["n"]), found


@check
def threads_that_the_interpreter_ends_lose_nothing():
    for _ in range(6):
        found = QUIET + " --error-exitcode=9"
        assert status(DAEMONS, options=found) == 0, records("x.jsonl", "finding")


@check
def a_forked_child_has_a_last_scan_of_its_own():
    need_python()
    for end in "sys.exit(5)", "os._exit(5)":
        assert status("import os, sys\nif not os.fork(): x = [1] * 999; " + end
                      + "\nprint(os.wait()[1] >> 8)") == 0
        assert blocks() > WHOLE


if __name__ == "__main__":
    sys.exit(main())
