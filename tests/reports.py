#!/usr/bin/env python3
"""Reports that cannot be written, or are damaged."""
import contextlib
import os
import shutil
import sys

from common import (
    ACT, act, as_other, check, environment, GORDIAN, main, one_line, preload,
    reachable_by_others, records, run, Skip, start)


@check
def read_only_directory():
    place = reachable_by_others()
    try:
        code, out, err = start(as_other(
            place + "/gordian", "run", "--report=" + place + "/x.jsonl",
            place + "/act", "say", "ran"), cwd=place)
        assert (code, out) == (125, ""), (code, out)
        one_line(err, "x.jsonl", "ermission denied")
        env = environment(LD_PRELOAD=place + "/libgordian.so",
                          GORDIAN_OPTIONS="report=" + place + "/x.jsonl")
        code, out, err = start(as_other(place + "/act", "ring", "say", "ran",
                                        "exit", "4"), env=env, cwd=place)
        assert (code, out) == (4, "ran\n"), (code, out, err)
        # setpriv itself is let in first, and may write
        assert "x.jsonl" in err, err
    finally:
        shutil.rmtree(place)


@check
def nowhere_to_write():
    for report in ("/no/such/dir/x.jsonl", "/proc/nothing/x"):
        code, out, err = preload("report=" + report, ACT, "ring", "say", "x",
                                 "exit", "5")
        assert (code, out) == (5, "x\n"), (code, out)
        one_line(err, report)
        code, out, err = run("--report=" + report, ACT, "say", "x")
        assert (code, out) == (125, ""), (code, out)
        one_line(err, report)
    code, out, err = preload("report=/dev/full", ACT, "ring", "say", "x",
                             "exit", "5")
    assert (code, out) == (5, "x\n"), (code, out)
    assert "no space left" in err and "/dev/full" in err, err


@contextlib.contextmanager
def file_system(pages, room):
    """Mounted on ./full: of so many pages, all but `room` of them taken."""
    if os.getuid():
        raise Skip("not root")
    os.mkdir("full")
    if start(["mount", "-t", "tmpfs", "-o", f"size={4 * pages}k", "none",
              "full"])[0]:
        raise Skip("cannot mount")
    try:
        with open("full/big", "wb") as file:
            file.write(b"x" * 4096 * (pages - room))
        yield
    finally:
        start(["umount", "full"])


@check
def full_file_system():
    with file_system(4, 1):
        code, out, err = preload("report=full/x.jsonl:threshold=1", ACT,
                                 "keep", "200", "ring", "say", "x", "exit",
                                 "5")
        assert (code, out) == (5, "x\n"), (code, out)
        assert err.count("no space left") == 1, err
        assert len(records("full/x.jsonl")) if \
            open("full/x.jsonl").read().endswith("\n") else True


@check
def no_report_no_success():
    """A job that asks for a status does not pass for want of a report."""
    with file_system(4, 0):
        for options, own, status in (("", 0, 0), (" --error-exitcode=9", 5, 5),
                                     (" --error-exitcode=9", 0, 125)):
            code, out, err = run("--report=full/x.jsonl" + options, ACT,
                                 *f"ring say x exit {own}".split())
            assert (code, out) == (status, "x\n"), (code, out, err)
            assert "no space left" in err and "wrote no report" in err, err


@check
def limited_file_size():
    """Neither SIGXFSZ nor a second complaint."""
    code, out, err = preload("report=x.jsonl:threshold=1", ACT, "limit-file",
                             "2000", "keep", "200", "ring", "say", "x",
                             "exit", "5")
    assert (code, out) == (5, "x\n"), (code, out, err)
    assert err.count("file too large") == 1, err
    assert os.path.getsize("x.jsonl") <= 2000


@check
def damaged_reports():
    act("ring")
    whole = open("x.jsonl", "rb").read()
    for n in (1, 30, len(whole) // 2, len(whole) - 3):
        open("cut.jsonl", "wb").write(whole[:n])
        code, out, err = start([GORDIAN, "report", "cut.jsonl"])
        assert code in (0, 1) and "cut.jsonl" in err, (n, code, err)
        assert err.count("\n") == 1, err
    for foreign in (b"", b"hello\n", b"\0" * 100, b"{}\n", b"[1,2]\n"):
        open("foreign", "wb").write(foreign)
        code, out, err = start([GORDIAN, "report", "foreign"])
        assert (code, out) == (1, ""), (foreign, code, out)
        one_line(err, "foreign")


if __name__ == "__main__":
    sys.exit(main())
