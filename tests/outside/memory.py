#!/usr/bin/env python3
"""Memory: what a scan may take, what is given back, what is done where
there is little."""
import fcntl
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import termios
import threading

from common import (
    ACT, act, check, child_of, Daemon, environment, GORDIAN, LIBRARY, main,
    one_line, preload, records, scans, SECONDS, start, state_of,
    wait_asleep, wait_until, warnings)


class Held:
    """A program, and the child of its threshold scan, which stands in the
    midst of writing its findings: the report is a pipe without room. It waits
    for room a moment only; SIGSTOP holds it. When that came too late, or the
    stop was not sure on a busy machine, it is done once more."""

    def __init__(self, words, blocks):
        for _ in range(100):
            if self.begin(words, blocks):
                break
            self.process.kill()
            self.process.communicate()
            self.close()

    def begin(self, words, blocks):
        options = f"threshold={blocks}:plain=no:report="
        _, _, err = preload(options + "x.jsonl", ACT, *words.split())
        lines = open("x.jsonl", "rb").read().split(b"\n")
        lengths = [len(line) + 1 for line in lines if b'"finding"' in line]
        os.mkfifo("pipe")
        self.report = os.open("pipe", os.O_RDWR)
        room = fcntl.fcntl(self.report, fcntl.F_SETPIPE_SZ, 4096)
        assert err == "" and lengths[0] + lengths[1] < room == 4096, lengths
        self.process = subprocess.Popen(
            [ACT, *words.split()], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env=environment(
                LD_PRELOAD=LIBRARY, GORDIAN_OPTIONS=options + "pipe"))
        while os.read(self.report, 1) != b"\n":  # what the program writes
            pass
        self.pad = room - lengths[0] - 8
        os.write(self.report, b"x" * self.pad)
        self.line(b"ready")
        if not child_of(self.process.pid):
            return False
        self.child = int(child_of(self.process.pid))
        wait_until(lambda: self.written() > self.pad or
                   state_of(self.child) == "Z")
        os.kill(self.child, signal.SIGSTOP)
        wait_until(lambda: state_of(self.child) in "TZ")
        return self.written() > self.pad and state_of(self.child) == "T"

    def close(self):
        os.close(self.report)
        os.unlink("pipe")
        os.unlink("x.jsonl")

    def written(self):
        return struct.unpack("i", fcntl.ioctl(self.report, termios.FIONREAD,
                                              b"\0" * 4))[0]

    def line(self, wanted):
        line = self.process.stdout.readline()
        assert line == wanted + b"\n", line

    def say(self, wanted):
        self.process.stdin.write(b"x")
        self.process.stdin.flush()
        self.line(wanted)

    def end(self):
        """The records that the child and the program wrote."""
        text = []

        def read():
            while not text or b'"end"' not in text[-1]:
                text.append(os.read(self.report, 4096))
        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        os.kill(self.child, signal.SIGCONT)
        self.process.communicate(timeout=SECONDS)
        reader.join(SECONDS)
        self.close()
        return [json.loads(line) for line
                in b"".join(text)[self.pad:].splitlines()]


def heap_of(pid, within=((0, 1 << 64),)):
    """Ranges of its memory without a file that are in those; their sum."""
    ranges = []
    with open(f"/proc/{pid}/maps") as file:
        for words in map(str.split, file):
            low, high = (int(n, 16) for n in words[0].split("-"))
            ranges += [(max(low, a), min(high, b)) for a, b in within
                       if low < b and a < high]
    return ranges, sum(high - low for low, high in ranges)


def break_of(pid):
    with open(f"/proc/{pid}/maps") as file:
        (line,) = [line for line in file if line.endswith("[heap]\n")]
    return [tuple(int(n, 16) for n in line.split()[0].split("-"))]


@check
def what_is_read_is_given_back():
    """The child keeps no live memory while it goes on; all of it, where blocks
    lie in blocks."""
    for pool, most in ("", 0.1), ("pool", 1):
        held = Held(f"{pool} ring rings lost keep 300000 blocked read", 300000)
        program = break_of(held.process.pid)
        _, all_of_it = heap_of(held.process.pid, program)
        _, left = heap_of(held.child, program)
        assert all_of_it >= 300000 * 32, all_of_it
        assert left <= most * all_of_it, (pool, left, all_of_it)
        assert left >= 0.9 * most * all_of_it or not pool, (left, all_of_it)
        held.end()


@check
def copies_are_counted():
    """What the program writes to while the child is there."""
    for what, least, most in (("rewrite", 9000, 20000), ("tasks", 0, 2000)):
        held = Held("ring rings lost keep 300000 blocked read "
                    f"{what} say done blocked read", 300000)
        held.say(b"read 1 0")
        if what == "tasks":
            held.line(b"tasks 1")
        held.line(b"done")
        held.line(b"ready")
        scan = next(r for r in held.end() if r["t"] == "scan")
        assert scan["trigger"] == "threshold", scan
        assert least <= scan["copied_kb"] <= most, (what, scan)


# A scan that cannot be had

def the_warning():
    texts = warnings()
    assert len(texts) == 1, texts
    return texts[0]


@check
def memory_that_scans_keep_to():
    words = "keep 400000 forget check say on exit 3"
    code, out = act(words, "--format=none --memory=2")
    assert (code, out) == (3, "check -1\non\n"), (code, out)
    assert scans("api") == scans("exit") == []
    text = the_warning()
    assert "given up" in text and "2 MB" in text and "memory=" in text, text
    assert not any(f["scan"] > len(records("x.jsonl", "scan"))
                   for f in records("x.jsonl", "finding"))
    for enough in ("", "--memory=1G"):
        code, out = act(words, "--format=none " + enough)
        assert (code, out) == (3, "check 1\non\n"), (code, out)
        assert warnings() == [] and len(scans("exit")) == 1


@check
def memory_that_the_system_refuses():
    for limit in ("limit-memory", "limit-data"):
        code, out = act(f"keep 1000000 forget {limit} 1 check say on exit 3",
                        "--format=none --threshold=9000000")
        assert (code, out) == (3, "check -1\non\n"), (limit, code, out)
        assert scans("exit") == []
        text = the_warning()
        assert "memory" in text, text


def limited(kind, kilobytes):
    size = kilobytes << 10
    return lambda: resource.setrlimit(kind, (size, size))


@check
def memory_short_from_the_start():
    """whatever the limit, threads, blocks and children as without it; the
    library itself takes up to 5 MB of what there is"""
    words = [ACT, *"thread keep 1000 system true say on exit 3".split()]
    aside = 0
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        for limit in (12000, 14000, 16000, 24000, 32000, 48000, 80000, 120000):
            limits = limited(kind, limit)
            plain = start(words, preexec_fn=limits)
            less = start(words, preexec_fn=limited(kind, limit - 5000))
            if (less[0], less[1]) != (3, plain[1]):
                continue
            ours = preload("report=x.jsonl", *words, preexec_fn=limits)
            assert ours[:2] == plain[:2], (kind, limit, plain, ours)
            assert "not enough memory" in ours[2] or not ours[2], ours
            aside += bool(ours[2])
    assert aside and not ours[2], (aside, ours)


@check
def little_is_mapped_at_the_start():
    sizes = []
    for more in ({}, {"LD_PRELOAD": LIBRARY,
                      "GORDIAN_OPTIONS": "report=x.jsonl"}):
        program = subprocess.Popen([ACT, "blocked", "pause"],
                                   env=environment(**more),
                                   stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        wait_asleep(program.pid)
        with open(f"/proc/{program.pid}/statm") as file:
            sizes.append(int(file.read().split()[0]) * 4)
        program.kill()
        program.communicate()
    assert sizes[1] - sizes[0] < 14 << 10, sizes  # KB


@check
def checks_are_told_when_there_is_no_scan():
    with Daemon("keep 800000 ring blocked read", options=":memory=1") as one:
        for _ in range(2):
            code, out, err = start([GORDIAN, "check", one.pid])
            assert (code, out) == (1, ""), (code, out, err)
            one_line(err, "process " + one.pid, "needed more than 1 MB")
        assert one.end() == (0, "read 0 0\n")


if __name__ == "__main__":
    sys.exit(main())
