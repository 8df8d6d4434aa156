#!/usr/bin/env python3
"""Programs by name (--only, --skip), and the files that a run leaves."""
import os
import sys

from common import (
    ACT, check, environment, findings, GORDIAN, LOST, main, preload, RING,
    run, start)
from outside import compiled

CODE = "--error-exitcode=9 --format=none "


def script(name, *lines):
    with open(name, "w") as file:
        file.write("#!/bin/sh\n" + "\n".join(lines) + "\n")
    os.chmod(name, 0o755)
    return "./" + name


def left():
    return sorted(name for name in os.listdir(".") if ".jsonl" in name)


def clear():
    for name in left():
        os.unlink(name)


@check
def no_file_where_nothing_was_found():
    for options, words, n in (("", "exit 0", 0), ("", "ring exit 0", 1),
                              ("", "suspect exit 0", 1),
                              ("--format=none", "exit 3", 0),
                              ("--error-exitcode=9", "exit 0", 0),
                              ("", "raise 9", 1),        # nothing is known
                              ("--report=x.jsonl", "exit 0", 1),
                              ("--report=%n.%p.jsonl", "exit 0", 1),
                              ("--report=none", "ring exit 0", 0),
                              ("--report=none", "raise 9", 0)):
        run(options, ACT, *words.split())
        assert len(left()) == n, (options, words, left())
        clear()


@check
def files_of_children():
    """Of a run in which one of three leaks, one is left."""
    path = script("go", f"{ACT} exit 0", f"{ACT} ring exit 0", "exit 0")
    run("", path)
    assert len(left()) == 1 and findings(*left()) == [RING], left()
    clear()
    run("--report=none", path)
    assert not left()
    run("--report=x.jsonl", path)
    assert len(left()) == 3, left()
    clear()
    with open("all.supp", "w") as file:
        file.write("leak:*\n")
    run("--suppressions=all.supp", path)
    assert not left(), left()


@check
def nowhere_is_removed():
    os.mkdir("room")
    env = environment(TMPDIR=os.path.abspath("room"))
    for words, status in ((["ring", "exit", "0"], 9), (["raise", "9"], 137),
                          (["fork", "lost", "_exit", "0", "then", "exit",
                            "0"], 9)):
        code, _, err = start([GORDIAN, "run", "--report=none",
                              "--error-exitcode=9", ACT, *words], env=env)
        assert code == status, (words, code, err)
        assert "report is" not in err, err
        assert os.listdir("room") == [], os.listdir("room")
    code, _, err = start([GORDIAN, "run", "--report=none", "./nothing"],
                         env=env)
    assert code == 127 and os.listdir("room") == []


@check
def chosen_by_name():
    path = script("go", f"{ACT} ring exit 0", f"{ACT} lost exit 0", "exit 0")
    both = [RING, LOST]
    for options, found, status in (
            ("", both, 9), ("--only=act", both, 9), ("--only=a*t", both, 9),
            (f"--only={ACT}", both, 9), ("--only=act --only=x", both, 9),
            ("--skip=act", [], 0), ("--skip=*", [], 125),
            ("--skip=go", both, 9), ("--skip=./go", both, 9),
            ("--skip=sh --skip=dash --skip=act", [], 125),
            ("--only=go", [], 0), ("--only=x", [], 125),
            ("--only=act --skip=act", [], 125)):
        code, _, err = run(CODE + "--report=%p.jsonl " + options, path)
        assert code == status, (options, code, err)
        assert not left() or findings(*left()) == sorted(found), options
        assert ("unknown: " in err) == (status == 125), err
        clear()
    # PROGRAM's status is its own.
    code, _, err = run("--skip=act --format=none", ACT, "ring", "exit", "3")
    assert (code, left()) == (3, []), (code, err)
    assert run(CODE + "--skip=act", ACT, "ring", "exit", "3")[0] == 3


@check
def argv0_and_executable():
    os.symlink(ACT, "alias")
    for option in ("--skip=alias", "--skip=act"):
        code, _, err = run(CODE + option, "./alias", "ring", "exit", "0")
        assert code == 125 and not left(), (option, code, err)
    words = f"exec -a nick {ACT} ring exit 0"
    code, _, err = run(CODE + "--skip=nick", "bash", "-c", words)
    assert code == 0, (code, err)


@check
def a_skipped_program_is_left_alone():
    """No handler, no descriptor, no report; its children have the library."""
    look = script("look", "grep -E 'SigCgt|SigBlk' /proc/self/status",
                  "ls /proc/self/fd | wc -l", "grep -c jsonl /proc/self/maps",
                  "echo $PYTHONMALLOC")
    plain = start([look], env=environment(PYTHONMALLOC="malloc"))[1]
    code, out, err = run("--skip=* --format=none", look)
    assert (code, out) == (0, plain), (out, plain)
    code, out, _ = run("--format=none --skip=sh --skip=dash --skip=look",
                       script("tell", "env | grep -c -e ^LD_PRELOAD= -e ^GORDIAN_OPTIONS=",
                              "exit 0"))
    assert out == "2\n", out


@check
def what_cannot_be_seen_and_is_not_wanted():
    """A program that was not reached does not count when it is left out."""
    compiled("odd", "int main(void) { return 0; }", "-static")
    path = script("go", "./odd", f"{ACT} exit 0", "exit 0")
    for options, status in (("", 125), ("--skip=odd", 0), ("--only=act", 0),
                            ("--skip=act", 125), ("--only=*d", 125)):
        code, _, err = run(CODE + options, path)
        assert code == status, (options, code, err)


@check
def without_the_command():
    for options, found in (("", True), (":skip=act", False),
                           (":only=act", True), (":only=x:skip=y", False)):
        code, _, err = preload("report=x.jsonl" + options, ACT, "ring", "exit",
                               "4")
        assert code == 4, (code, err)
        assert bool(left()) == found, (options, left())
        assert ("cycle" in err.lower()) == found, err
        clear()


@check
def without_the_command_suppressed():
    with open("all.supp", "w") as file:
        file.write("leak:main\n")
    code, _, err = preload("report=x.jsonl:suppressions=all.supp", ACT, "ring",
                           "exit", "4")
    assert code == 4 and "1 suppressed" in err, err
    start([GORDIAN, "report", "--format=json", "-o", "base.json", "x.jsonl"])
    code, _, err = preload("report=x.jsonl:baseline=base.json", ACT, "ring",
                           "exit", "4")
    assert code == 4 and "1 in the baseline" in err, err
    code, _, err = preload("report=x.jsonl:baseline=none.json", ACT, "ring",
                           "exit", "4")
    assert code == 4 and "cannot open" in err, err


if __name__ == "__main__":
    sys.exit(main())
