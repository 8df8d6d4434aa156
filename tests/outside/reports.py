#!/usr/bin/env python3
"""Reports that cannot be written, or are damaged."""
import contextlib
import json
import os
import shutil
import subprocess
import sys

from common import (
    ACT, act, as_other, check, Daemon, environment, GORDIAN, main, one_line,
    preload, reachable_by_others, records, run, scans, SECONDS, Skip, start,
    wait_until)


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


def fill(report, spare=0):
    """The file system, to the last byte of the report's last page, or the
    last but so many."""
    with open("full/more", "wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
    with open(report, "ab") as file:
        line = b'{"t":"none","x":""}\n'
        left = -(os.path.getsize(report) + len(line) + spare) % 4096
        file.write(line.replace(b'""', b'"%s"' % (b"x" * left)))


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
def disks_that_fill_up_after_a_clean_scan():
    for what, status in (("", 125), (" lost", 125), (" exit 3", 3)):
        with file_system(8, 4):
            job = subprocess.Popen(
                [GORDIAN, "run", "--error-exitcode=9",
                 "--report=full/x.jsonl", ACT,
                 *("keep 11000 blocked read" + what).split()],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, env=environment())
            assert job.stdout.readline() == b"ready\n"
            wait_until(lambda: b'"scan"' in open("full/x.jsonl", "rb").read())
            assert scans("threshold", "full/x.jsonl")[0]["findings"] == 0
            fill("full/x.jsonl")
            err = job.communicate(timeout=SECONDS)[1].decode()
            assert job.returncode == status, (what, job.returncode, err)
            assert "no space left" in err, err
            assert "nothing leaked" not in err, err
        os.rmdir("full")


def go_on(daemon):
    """To its next stop; what it says on the way."""
    daemon.process.stdin.write(b"x")
    daemon.process.stdin.flush()
    return [daemon.process.stdout.readline() for _ in range(3)][1:]


@check
def what_could_not_be_written_is_written_later():
    """It is new but once. A line that was cut short ends where the next one
    begins."""
    for spare in (0, 50):
        with file_system(8, 1):
            with Daemon("ring blocked read check blocked read check blocked "
                        "read", "full/x.jsonl") as daemon:
                fill("full/x.jsonl", spare)
                size = os.path.getsize("full/x.jsonl")
                assert go_on(daemon) == [b"check 1\n", b"ready\n"]
                assert os.path.getsize("full/x.jsonl") == size + spare
                os.unlink("full/more")
                os.unlink("full/big")
                assert go_on(daemon) == [b"check 0\n", b"ready\n"]
            code, out, err = start([GORDIAN, "report", "--format=json",
                                    "full/x.jsonl"])
            assert code == err.count("is damaged") == (spare > 0), (code, err)
            found, = json.loads(out)["findings"]
            assert len(found["members"]) == 2, found
        os.rmdir("full")


@check
def requests_are_answered_without_a_disk():
    """The command does not wait for a line that cannot come. One that was cut
    short spoils no later answer."""
    for spare in (0, 50):
        with file_system(8, 1):
            with Daemon("ring blocked read", "full/x.jsonl") as daemon:
                words = [GORDIAN, "check", "--format=json", daemon.pid]
                fill("full/x.jsonl", spare)
                for _ in range(2):
                    code, out, err = start(words)
                    assert (code, out) == (1, ""), (code, out, err)
                    one_line(err, "process " + daemon.pid, "has scanned",
                             "No space left")
                os.unlink("full/more")
                os.unlink("full/big")
                for _ in range(2):
                    code, out, err = start(words)
                    assert code == 0, (code, err)
                    assert err.count("is damaged") == (spare > 0), err
                    found, = json.loads(out)["findings"]
                    assert len(found["members"]) == 2, found
        os.rmdir("full")


@check
def requests_of_children_are_answered_without_a_disk():
    """They have no report yet, and cannot make one."""
    with file_system(8, 1):
        with Daemon("fork ring blocked read then exit 0",
                    "full/x.jsonl") as daemon:
            fill("full/x.jsonl")
            place = f"/proc/{daemon.pid}/task/{daemon.pid}/children"
            with open(place) as children:
                pid = children.read().split()[0]
            code, out, err = start([GORDIAN, "check", pid])
            assert (code, out) == (1, ""), (code, out, err)
            one_line(err, f"process {pid}", "No space left")
    os.rmdir("full")


@check
def children_that_cannot_open_a_report_are_answered():
    """By gordian_check(): what is new, whether or not it can be written."""
    as_other()
    os.chmod(".", 0o700)
    for what, n in (("keep 3", 0), ("ring", 1)):
        _, out, _ = run("--report=x.jsonl", ACT, *(
            f"fork set-user 65534 {what} check _exit 0 then exit 0".split()))
        assert f"check {n}\n" in out, (what, out)


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
