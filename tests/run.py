#!/usr/bin/env python3
"""Programs under Gordian, from outside: when they are scanned, what they see
of it, what is said where nothing can be done.

GORDIAN names the command, libgordian.so lies beside it. tests/act.c does what
its arguments say. One line a check; fails when one does."""
import atexit
import contextlib
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
BUILT = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
ACT = None  # the program, compiled by main()
CHECKS = []
SECONDS = 300  # nothing takes as long, however busy the machine


class Skip(Exception):
    pass


def preloadable(library):
    """LD_PRELOAD is split at spaces and colons."""
    if not set(" :") & set(library):
        return library
    place = tempfile.mkdtemp(dir="/tmp")
    atexit.register(shutil.rmtree, place)
    link = os.path.join(place, os.path.basename(library))
    os.symlink(library, link)
    os.symlink(GORDIAN, os.path.join(place, "gordian"))  # prints summaries
    return link


LIBRARY = preloadable(BUILT)


def check(function):
    CHECKS.append(function)
    return function


def environment(**more):
    env = {key: value for key, value in os.environ.items()
           if key not in ("LD_PRELOAD", "GORDIAN_OPTIONS")}
    env.update(LC_ALL="C.UTF-8", NO_COLOR="1", **more)
    return env


def start(words, env=None, **rest):
    """status, standard output, standard error"""
    done = subprocess.run(words, env=env or environment(), timeout=SECONDS,
                          stdin=rest.pop("stdin", subprocess.DEVNULL),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **rest)
    return done.returncode, done.stdout.decode(), \
        done.stderr.decode(errors="replace")


def run(options, *program, **rest):
    return start([GORDIAN, "run", *options.split(), "--", *program], **rest)


def act(words, options="--format=none"):
    """status and output of the program; its report is x.jsonl"""
    code, out, err = run(options + " --report=x.jsonl", ACT, *words.split())
    assert not err or "none" not in options, err
    return code, out


def preload(options, *program, library=LIBRARY, **rest):
    env = environment(LD_PRELOAD=library)
    if options is not None:
        env["GORDIAN_OPTIONS"] = options
    env.update(rest.pop("more", {}))
    return start(program, env=env, **rest)


def records(path, kind=None):
    found = [json.loads(line) for line in open(path, errors="replace")]
    return [r for r in found if kind is None or r["t"] == kind]


def scans(trigger, path="x.jsonl"):
    return [s for s in records(path, "scan") if s["trigger"] == trigger]


def findings(*paths):
    """(kind, count) of each in the merged reports, suspects apart"""
    code, out, err = start([GORDIAN, "report", "--format=json", *paths])
    assert code == 0, err
    return sorted((f["kind"], f["count"]) for f in json.loads(out)["findings"]
                  if f["confidence"] != "suspect")


def one_line(err, *words):
    assert err.startswith("gordian: ") and err.count("\n") == 1, err
    for word in words:
        assert word in err, (word, err)


RING, LOST = ("cycle", 1), ("lost", 1)


# Without the command: LD_PRELOAD alone.

@check
def preload_prints_a_summary():
    code, out, err = preload(None, ACT, "ring", "say", "mine", "exit", "3")
    assert (code, out) == (3, "mine\n"), (code, out)
    assert "CYCLE" in err and "1 cycle" in err, err
    assert "ring" in err and "act.c:" in err, err
    names = os.listdir(".")
    assert len(names) == 1 and re.fullmatch(r"gordian\.\d+\.jsonl", names[0])
    assert findings(names[0]) == [RING]


@check
def preload_is_silent_about_nothing():
    assert preload(None, ACT, "keep", "5", "say", "x") == (0, "x\n", "")
    assert preload(None, ACT, "suspect", "exit", "4")[0] == 4
    assert preload("", "sh", "-c", "echo out; echo err >&2; exit 9") == \
        (9, "out\n", "err\n")


@check
def preload_options():
    code, _, err = preload(r"report=a\:b\\c.%n.jsonl:threshold=100", ACT,
                           "keep", "500")
    assert (code, err) == (0, ""), err
    assert os.listdir(".") == [r"a:b\c.act.jsonl"], os.listdir(".")
    assert len(scans("threshold", r"a:b\c.act.jsonl")) >= 4


@check
def preload_mistakes_are_one_warning():
    for options, words in (("colour=red:report=x.jsonl", "option 'colour'"),
                           ("report=x.jsonl:interval=soon", "'interval=soon'"),
                           ("threshold=0:report=x.jsonl", "'threshold=0'"),
                           ("budget=101:report=x.jsonl", "'budget=101'"),
                           ("memory=0:report=x.jsonl", "'memory=0'")):
        code, out, err = preload(options, ACT, "keep", "1", "say", "x",
                                 "exit", "5")
        assert (code, out) == (5, "x\n"), (code, out)
        one_line(err, words)
        assert words in json.dumps(records("x.jsonl", "warning")), options


@check
def preload_without_the_command():
    """Alone, and called from where PATH has no gordian."""
    os.mkdir("lib")
    shutil.copy(LIBRARY, "lib")
    os.mkdir("bin")
    code, out, err = preload("report=x.jsonl", ACT, "ring", "lost", "exit",
                             "6", library=os.path.abspath("lib/libgordian.so"),
                             more={"PATH": os.path.abspath("bin")})
    assert (code, out) == (6, ""), (code, out)
    assert re.search(r"^CYCLE 1 instance, 80 bytes$", err, re.M), err
    assert re.search(r"^LOST 1 instance, 100 bytes$", err, re.M), err
    assert re.search(r"^ +/.*/act\+0x[0-9a-f]+$", err, re.M), err
    assert err.endswith("gordian report " + os.path.abspath("x.jsonl") + "\n")
    for offset in re.findall(r"/act\+(0x[0-9a-f]+)", err):
        _, out, _ = start(["addr2line", "-f", "-e", ACT, offset])
        assert "??" not in out.split("\n")[0], (offset, out)
        if not shutil.which("addr2line"):
            break


# Scans come when they were ordered.

@check
def threshold_to_the_letter():
    act("keep 5000", "--format=none --threshold=1000")
    found = scans("threshold")
    assert 4 <= len(found) <= 5, found
    blocks = [s["blocks"] for s in found]
    assert 1000 <= blocks[0] <= 1050, blocks  # with a few of the loader's
    for before, after in zip(blocks, blocks[1:]):
        assert 1000 <= after - before <= 1005, blocks


@check
def threshold_of_one():
    act("keep 20", "--format=none --threshold=1")
    assert len(scans("threshold")) >= 20


@check
def threshold_counts_what_is_left():
    """Blocks that are freed again do not count."""
    act("loop realloc 100 keep 900 loop free 100",
        "--format=none --threshold=1000")
    assert scans("threshold") == []


@check
def growth_rule():
    act("keep 9000")
    assert scans("threshold") == []
    act("keep 11000")
    first, = scans("threshold")
    assert 10000 <= first["blocks"] <= 10100, first
    act("grow 5", "--format=none --budget=100")
    blocks = [s["blocks"] for s in scans("threshold")]
    assert len(blocks) == 5, blocks
    for before, after in zip(blocks, blocks[1:]):
        assert after - before >= max(10000, before // 4), blocks


@check
def interval_to_the_letter():
    """Whatever hook it is that the program enters."""
    for what in ("free", "usleep"):
        began = time.monotonic()
        act(f"keep 2000 scans 5 {what}", "--format=none --interval=0.2")
        most = (time.monotonic() - began) / 0.2
        assert 5 <= len(scans("interval")) <= most, (what, scans("interval"))
    for what in ("free-null", "realloc", "usable-size", "mmap", "thread",
                 "poll"):
        began = time.monotonic()
        act(f"scans 2 {what}", "--format=none --interval=0.1")
        most = (time.monotonic() - began) / 0.1
        assert 2 <= len(scans("interval")) <= most, (what, scans("interval"))


@check
def interval_sees_what_was_dropped():
    code, _ = act("keep 50 scans 4 drop _exit 0",
                  "--format=none --interval=0.1")
    assert code == 0 and len(scans("interval")) >= 3
    assert max(s["findings"] for s in scans("interval")) == 1
    first = records("x.jsonl", "finding")[0]
    assert first["scan"] < scans("exit")[0]["n"], first


@check
def what_does_nothing_is_scanned_once():
    """No matter how often the interval ends; twice where the first scan left
    a finding to be confirmed, and again once there is something new."""
    quick = "--format=none --interval=0.05"
    act("keep 50 idle 800", quick)
    assert len(scans("interval")) == 1, scans("interval")
    act("rings idle 800 keep 1 idle 800", quick)
    assert len(scans("interval")) == 3, scans("interval")
    found = records("x.jsonl", "finding")
    assert sorted(f["scan"] for f in found) == [1, 2, 2, 3, 3, 4, 4], found


@check
def scans_keep_to_their_budget():
    """Of the first four seconds the whole may be spent at once."""
    act("keep 20000 scans 20 free",
        "--format=none --interval=0.01 --budget=100")
    assert len(scans("interval")) >= 20, scans("interval")
    began = time.monotonic()
    act("keep 20000 loop free 1500",
        "--format=none --interval=0.01 --budget=0.2")
    share = 0.002 * 1e3 * (4 + time.monotonic() - began)
    costs = [s["cost_ms"] for s in scans("interval")]
    assert costs and sum(costs[:-1]) <= share, (costs, share)
    assert all(s["cost_ms"] >= s["child_cpu_ms"] + s["pause_us"] / 1e3 - 0.2
               for s in records("x.jsonl", "scan"))


@check
def no_budget_no_scan_but_those_asked_for():
    act("keep 30000 loop free 300", "--format=none --interval=0.01 "
        "--threshold=100 --budget=0")
    assert [s["trigger"] for s in records("x.jsonl", "scan")] == ["exit"]
    with Daemon("ring blocked read", options=":budget=0") as daemon:
        assert daemon.found() == daemon.found() == [RING]
        daemon.end()


@check
def no_interval_no_scan():
    act("loop usleep 300")
    assert [s["trigger"] for s in records("x.jsonl", "scan")] == ["exit"]


# gordian check

def wait_until(true):
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until, "never true"
        time.sleep(0.001)


def wait_asleep(pid):
    """In its call, by the kernel's word."""
    def asleep():
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "S"
    wait_until(asleep)


class Daemon:
    """A program with a report; ended, and its output read, on leaving."""

    def __init__(self, words, report="x.jsonl", ready=True, options="",
                 act=None, library=LIBRARY, before=(), **rest):
        self.process = subprocess.Popen(
            [*before, "env", "LD_PRELOAD=" + library,
             f"GORDIAN_OPTIONS=report={report}:plain=no{options}",
             act or ACT, *words.split()], env=environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **rest)
        self.pid = str(self.process.pid)
        if ready:
            line = self.process.stdout.readline()
            assert line == b"ready\n", line
            if "busy" not in words:
                wait_asleep(self.pid)

    def __enter__(self):
        return self

    def __exit__(self, *failed):
        if failed[0]:
            self.process.kill()
        self.process.communicate()

    def check(self, *options):
        code, out, err = start([GORDIAN, "check", *options, self.pid])
        assert code == 0, (code, out, err)
        return out

    def found(self):
        value = json.loads(self.check("--format=json"))
        assert value["scans"][-1]["trigger"] == "request", value["scans"]
        return sorted((f["kind"], f["count"]) for f in value["findings"])

    def end(self, sig=None):
        if sig:
            self.process.send_signal(sig)
        out, err = self.process.communicate(timeout=SECONDS)
        assert err == b"", err
        return self.process.returncode, out.decode()


@check
def check_finds_in_every_call():
    for call, result in (("read", "0 0"), ("poll", "1 0"), ("epoll", "1 0"),
                         ("select", "1 0"), ("sleep", "0 0"),
                         ("pause", "-1 4"), ("sigwait", "-1 11"),
                         ("sem", "0 0"), ("join", "0 0"),
                         ("recv", "-1 11"), ("syscall", "0 0"),
                         ("busy", "0 0")):
        with Daemon(f"ring blocked {call}") as daemon:
            for again in range(2):
                try:
                    assert daemon.found() == [RING]
                except AssertionError as why:
                    raise AssertionError((call, again, daemon.process.poll(),
                                          why))
            sig = signal.SIGUSR1 if call == "pause" else None
            assert daemon.end(sig) == (0, f"{call} {result}\n"), call


@check
def check_keeps_the_time_of_a_sleep():
    """At least: that it is not longer either, victims show (storm-calls)."""
    began = time.monotonic()
    with Daemon("ring blocked sleep") as daemon:
        daemon.check()
        assert daemon.end() == (0, "sleep 0 0\n")
    assert time.monotonic() - began >= 2, time.monotonic() - began


@check
def check_text_and_json():
    with Daemon("ring thread blocked pause") as daemon:
        text = daemon.check()
        assert "CYCLE" in text and "act.c:" in text, text
        value = json.loads(daemon.check("--format=json"))
        assert value["schema"] == "gordian-report/1"
        assert value["program"]["pid"] == int(daemon.pid)
        assert value["program"]["exit"] is None
        assert [s["n"] for s in value["scans"]] == [1, 2]
        assert value["scans"][-1]["stopped_threads"] == 1
        daemon.end(signal.SIGUSR1)


@check
def check_takes_the_command_for_its_program():
    process = subprocess.Popen(
        [GORDIAN, "run", "--format=none", ACT, "ring", "blocked", "read"],
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    code, out, err = start([GORDIAN, "check", str(process.pid)])
    process.communicate(timeout=SECONDS)
    assert code == 0 and "CYCLE" in out, (code, out, err)


@check
def check_shows_what_is_new():
    with Daemon("blocked read ring blocked pause") as daemon:
        assert daemon.found() == []
        assert "nothing leaked" in daemon.check()
        daemon.process.stdin.close()
        daemon.process.stdin = None
        assert daemon.process.stdout.readline() == b"read 0 0\n"
        assert daemon.process.stdout.readline() == b"ready\n"
        assert daemon.found() == [RING]
        daemon.end(signal.SIGUSR1)


@check
def check_where_the_report_went():
    """Renamed, deleted; the descriptor closed, its number used again."""
    with Daemon("ring blocked pause") as daemon:
        os.rename("x.jsonl", "y.jsonl")
        assert daemon.found() == [RING]
        os.unlink("y.jsonl")
        assert daemon.found() == [RING]
        daemon.end(signal.SIGUSR1)
    os.mkdir("sub")
    with Daemon("chdir sub ring blocked pause") as daemon:
        assert daemon.found() == [RING]
        daemon.end(signal.SIGUSR1)
    with Daemon("closefrom 3 " + "own mine " * 40 +
                "ring blocked pause") as daemon:
        assert daemon.found() == [RING]
        daemon.end(signal.SIGUSR1)
        assert os.path.getsize("mine") == 0
    assert not os.listdir("sub")
    with Daemon("closefrom 3 ring blocked pause") as daemon:
        os.unlink("x.jsonl")
        assert daemon.found() == [RING]
        assert daemon.found() == [RING]
        assert len(scans("request")) == 2
        daemon.end(signal.SIGUSR1)


@check
def check_without_privileges():
    """The report is deleted; its descriptor too."""
    place = reachable_by_others()
    os.chmod(place, 0o777)
    other = as_other() if not os.getuid() else []
    try:
        for words in "", "closefrom 3 ":
            with Daemon(words + "ring blocked pause", "%n.jsonl",
                        act=place + "/act", before=other, cwd=place,
                        library=place + "/libgordian.so") as daemon:
                os.unlink(place + "/act.jsonl")
                for _ in range(2):
                    code, out, err = start([
                        *other, place + "/gordian", "check", daemon.pid])
                    assert code == 0 and "CYCLE" in out, (words, code, err)
                daemon.end(signal.SIGUSR1)
    finally:
        shutil.rmtree(place)


@check
def check_finds_forked_children():
    """They have no report before: a server in the background is one."""
    for what, own in (("keep 3", []), ("ring", [RING])):
        with Daemon(f"lost fork {what} blocked read _exit 0 then exit 0",
                    "%p.jsonl") as daemon:
            parent = daemon.pid
            with open(f"/proc/{parent}/task/{parent}/children",
                      encoding="ascii") as file:
                daemon.pid = file.read().strip()
            assert not os.path.exists(daemon.pid + ".jsonl")
            assert daemon.found() == own
            assert daemon.found() == own
            assert len(scans("request", daemon.pid + ".jsonl")) == 2
            daemon.end()


@check
def check_refuses_others():
    sleeper = subprocess.Popen(["sleep", "1000"])
    try:
        code, _, err = start([GORDIAN, "check", str(sleeper.pid)])
        assert code == 1
        one_line(err, "does not run under Gordian")
        assert sleeper.poll() is None  # no signal was sent
        sleeper.kill()
        os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
        code, _, err = start([GORDIAN, "check", str(sleeper.pid)])
        assert code == 1
        one_line(err, "has ended")
    finally:
        sleeper.kill()
        sleeper.wait()
    code, _, err = start([GORDIAN, "check", str(sleeper.pid)])
    assert code == 1
    one_line(err, "no process")
    code, _, err = start([GORDIAN, "check"])
    assert code == 2
    with Daemon("ring blocked pause") as daemon:
        code, _, err = start([GORDIAN, "check", daemon.pid, daemon.pid])
        assert code == 2
        daemon.end(signal.SIGUSR1)


@check
def check_many_at_once():
    with Daemon("ring blocked read") as daemon:
        asked = [subprocess.Popen(
            [GORDIAN, "check", "--format=json", daemon.pid],
            stdout=subprocess.PIPE) for _ in range(4)]
        for one in asked:
            value = json.loads(one.communicate(timeout=SECONDS)[0])
            assert len(value["findings"]) == 1 and one.returncode == 0
        assert daemon.end() == (0, "read 0 0\n")


# A child that stands still

class Held:
    """A program, and the child of its threshold scan, which stands in the
    midst of writing its findings: the report is a pipe without room."""

    def __init__(self, words, blocks):
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
        wait_until(lambda: self.written() > self.pad)
        self.child = child_of(self.process.pid)
        self.line(b"ready")

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
        self.process.communicate(timeout=SECONDS)
        reader.join(SECONDS)
        os.close(self.report)
        os.unlink("pipe")
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

def warnings_of(path="x.jsonl"):
    return [w["text"] for w in records(path, "warning")]


@check
def memory_that_scans_keep_to():
    words = "keep 400000 forget check say on exit 3"
    code, out = act(words, "--format=none --memory=2")
    assert (code, out) == (3, "check -1\non\n"), (code, out)
    assert scans("api") == scans("exit") == []
    (text,) = warnings_of()
    assert "given up" in text and "2 MB" in text and "memory=" in text, text
    assert not any(f["scan"] > len(records("x.jsonl", "scan"))
                   for f in records("x.jsonl", "finding"))
    for enough in ("", "--memory=1G"):
        code, out = act(words, "--format=none " + enough)
        assert (code, out) == (3, "check 1\non\n"), (code, out)
        assert warnings_of() == [] and len(scans("exit")) == 1


@check
def memory_that_the_system_refuses():
    for limit in ("limit-memory", "limit-data"):
        code, out = act(f"keep 1000000 forget {limit} 1 check say on exit 3",
                        "--format=none --threshold=9000000")
        assert (code, out) == (3, "check -1\non\n"), (limit, code, out)
        assert scans("exit") == []
        (text,) = warnings_of()
        assert "memory" in text, text


def limited(kind, kilobytes):
    size = kilobytes << 10
    return lambda: resource.setrlimit(kind, (size, size))


@check
def memory_short_from_the_start():
    """whatever the limit, threads, blocks and children as without it"""
    words = [ACT, *"thread keep 1000 system true say on exit 3".split()]
    aside = 0
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        for limit in (12000, 14000, 16000, 24000, 32000, 48000, 80000, 120000):
            limits = limited(kind, limit)
            plain = start(words, preexec_fn=limits)
            if plain[0] != 3:
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


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return (file.read().split() or [None])[0]


def kill_the_child(pid):
    """Once it has offered itself. False: its scan is over."""
    child = child_of(pid)
    if not child:
        return False
    try:
        os.kill(int(child), signal.SIGSTOP)  # or it might end meanwhile
        with open(f"/proc/{child}/oom_score_adj") as file:
            first = file.read() == "1000\n"
        os.kill(int(child), signal.SIGKILL if first else signal.SIGCONT)
    except (OSError, ValueError):
        return False
    return first


@check
def the_child_is_the_first_to_go():
    """To the kernel that lacks memory; and its end is survived."""
    with Daemon("keep 1500000 ring blocked read",
                options=":budget=0") as daemon:
        for _ in range(50):  # until one was not too late
            asked = subprocess.Popen([GORDIAN, "check", daemon.pid],
                                     stdout=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE)
            while asked.poll() is None and not kill_the_child(daemon.pid):
                pass
            err = asked.communicate(timeout=SECONDS)[1].decode()
            if asked.returncode:
                break
        assert asked.returncode == 1, err
        one_line(err, "crashed or was killed")
        assert open(f"/proc/{daemon.pid}/oom_score_adj").read() == \
            open("/proc/self/oom_score_adj").read()
        assert daemon.found() == [RING]
        assert daemon.end() == (0, "read 0 0\n")


class Group:
    """A control group for memory, with a process in it."""

    def __init__(self):
        with open("/proc/meminfo") as file:
            if not re.search(r"^SwapTotal: *0 kB", file.read(), re.M):
                raise Skip("swap takes what a control group refuses")
        for self.top, self.most, self.used in (
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes",
                 "memory.usage_in_bytes"),
                ("/sys/fs/cgroup", "memory.max", "memory.current")):
            self.path = f"{self.top}/gordian-test-{os.getpid()}"
            try:
                os.mkdir(self.path)
            except OSError:
                continue
            if os.path.exists(f"{self.path}/{self.most}"):
                return
            os.rmdir(self.path)
        raise Skip("no control group for memory can be made")

    def enter(self):
        with open(self.path + "/cgroup.procs", "w") as file:
            file.write(str(os.getpid()))

    def limit(self, more):
        """To so many bytes more than it has."""
        with open(f"{self.path}/{self.used}") as file:
            used = int(file.read())
        with open(f"{self.path}/{self.most}", "w") as file:
            file.write(str(used + more))

    def end(self):
        for _ in range(500):  # the child may not be quite gone
            try:
                return os.rmdir(self.path)
            except OSError:
                time.sleep(0.01)


@check
def a_full_group_loses_only_the_child():
    group = Group()
    try:
        with Daemon("keep 3000000 ring blocked read", options=":budget=0",
                    preexec_fn=group.enter) as daemon:
            group.limit(2 << 20)
            code, _, err = start([GORDIAN, "check", daemon.pid])
            assert code == 1, err
            one_line(err, "crashed or was killed")
            group.limit(20 << 20)
            assert daemon.found() == [RING]
            assert daemon.end() == (0, "read 0 0\n")
    finally:
        group.end()


# Exit status

@check
def status_of_findings():
    none = "--format=none --error-exitcode=42"
    for words, options, status in (
            ("exit 0", none, 0), ("exit 3", none, 3),
            ("ring exit 3", none, 42), ("lost exit 0", none, 42),
            ("suspect exit 3", none, 3),
            ("raise 15", none, 143), ("ring raise 9", none, 137),
            ("ring raise 15", none, 42),
            ("fork ring then exit 3", none, 42),
            ("fork lost _exit 0 then exit 0", none, 42),
            ("fork ring then exit 3", none + " --follow=no", 42),
            ("ring exit 3", "--format=none", 3),
            ("ring exit 3", "--format=text --error-exitcode=1", 1),
            ("ring exit 3", "--format=json --quiet --error-exitcode=1", 1)):
        code, _, err = run(options, ACT, *words.split())
        assert code == status, (words, options, code, err)


@check
def status_of_signals():
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGABRT,
                signal.SIGKILL, signal.SIGSEGV, signal.SIGUSR1,
                signal.SIGALRM):
        code, out = act(f"ring raise {int(sig)} say survived")
        assert (code, out) == (128 + sig, ""), (sig, code, out)
        assert records("x.jsonl", "end")[-1]["exit"] == 128 + sig
        caught = sig in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP,
                         signal.SIGABRT)
        assert len(scans("exit")) == caught, sig


@check
def ignored_signals_stay_ignored():
    words = f"exec {GORDIAN} run --format=none -- {ACT}"
    for sig in ("TERM", "INT", "HUP"):
        number = int(getattr(signal, "SIG" + sig))
        code, out, err = start(["sh", "-c", f"trap '' {sig}; {words} raise "
                                f"{number} say survived exit 8"])
        assert (code, out, err) == (8, "survived\n", ""), (sig, code, err)


@check
def signals_are_passed_on():
    process = subprocess.Popen(
        [GORDIAN, "run", "--format=none", ACT, "ring", "blocked", "pause",
         "exit", "7"], env=environment(), stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    wait_asleep(child_of(process.pid))
    process.send_signal(signal.SIGUSR1)
    assert process.communicate(timeout=SECONDS)[0] == b"pause -1 4\n"
    assert process.returncode == 7
    process = subprocess.Popen(
        [GORDIAN, "run", "--report=x.jsonl", "--format=none", ACT, "ring",
         "blocked", "read"], env=environment(), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=SECONDS) == 143 # before its input ends
    process.communicate(timeout=SECONDS)
    assert findings("x.jsonl") == [RING]


@check
def options_out_of_range():
    for option in ("--interval=-1", "--interval=x", "--interval=", "--bogus",
                   "--threshold=0", "--threshold=-1", "--threshold=1.5",
                   "--budget=101", "--budget=-1", "--budget=x",
                   "--memory=0", "--memory=1K", "--memory=",
                   "--error-exitcode=0", "--error-exitcode=256",
                   "--error-exitcode=x", "--follow=perhaps", "--format=html",
                   "--report=", "--suppressions=x"):
        code, out, err = run(option, "echo", "ran")
        assert (code, out) == (125, ""), (option, code, out)
        assert err.startswith("gordian run: ") and err.count("\n") == 1, err


# A report that cannot be written

def as_other(*words):
    if os.getuid():
        raise Skip("not root")
    if not shutil.which("setpriv"):
        raise Skip("no setpriv")
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            *words]


def reachable_by_others():
    """A copy of all that is needed where anyone may read."""
    place = tempfile.mkdtemp(dir="/tmp")
    os.chmod(place, 0o755)
    for file in (GORDIAN, LIBRARY, ACT):
        shutil.copy(file, place)
    return place


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


# Several processes

def reports():
    return sorted(name for name in os.listdir(".") if ".jsonl" in name)


def all_findings(*words, options=""):
    for name in reports():
        os.unlink(name)
    code, out, err = run("--format=none --report=x.jsonl " + options, ACT,
                         *words)
    assert (code, err) == (0, ""), (code, err)
    return out, findings(*reports())


@check
def children_by_every_way():
    inner = f"exec {ACT} ring"
    for how in ("system", "popen", "spawn", "spawn-bare", "vfork",
                "vfork-bare"):
        out, found = all_findings("lost", how, inner)
        assert found == [RING, LOST], (how, found, reports())
        assert out.split()[:2] == [how, "0"], out
        out, found = all_findings("lost", how, inner, options="--follow=no")
        assert found == [LOST], (how, found, reports())
        assert reports() == ["x.jsonl"], reports()


@check
def one_file_for_many():
    out, found = all_findings(*"fork ring then fork ring then fork ring then "
                              "lost".split())
    pids = [line.split()[1] for line in out.splitlines()]
    assert sorted(reports()) == sorted(
        ["x.jsonl"] + ["x.jsonl." + pid for pid in pids]), reports()
    assert found == [("cycle", 3), LOST], found
    assert all(findings("x.jsonl." + pid) == [RING] for pid in pids)
    for name in reports()[1:]:
        (first,) = records(name, "program")
        assert str(first["pid"]) == name.split(".")[-1]
    # a later run begins anew
    code, _ = act("exit 0")
    assert code == 0 and findings("x.jsonl") == []


@check
def the_same_process_again():
    """exec, also with an empty environment; each program has its file."""
    for how in ("exec", "exec-bare"):
        _, found = all_findings("ring", how, "ring", "lost", how, "ring")
        assert len(reports()) == 3, reports()
        pids = {records(name, "program")[0]["pid"] for name in reports()}
        assert len(pids) == 1, pids
        assert found == [("cycle", 3), LOST], (how, found)
    _, found = all_findings("ring", "exec", "ring", options="--follow=no")
    assert reports() == ["x.jsonl"] and found == [RING], (reports(), found)


@check
def env_in_between():
    code, _, err = run("--format=none --report=x.jsonl --error-exitcode=9",
                       "env", "-i", ACT, "ring")
    assert code == 9 and err == "", (code, err)
    code, _, err = run("--format=none --report=y.jsonl --error-exitcode=9",
                       "env", "-i", "sh", "-c", f"env -i {ACT} ring; true")
    assert code == 9, (code, err)


@check
def preload_of_others_is_kept():
    code, out, err = start([GORDIAN, "run", "--format=none", "sh", "-c",
                            "echo $LD_PRELOAD"],
                           env=environment(LD_PRELOAD="libdl.so.2"))
    ours, _, others = out.strip().partition(":")
    assert code == 0 and ours.endswith("/libgordian.so") and \
        others == "libdl.so.2", (out, err)
    both = LIBRARY + " libdl.so.2"
    code, out, err = preload(None, "sh", "-c", "exec env", library=both)
    assert "LD_PRELOAD=" + both in out.split("\n"), (out, err)


@check
def children_are_not_blamed_for_their_parents():
    out, found = all_findings(*"ring keep 100 fork forget then exit 0".split())
    pid = out.split()[1]
    assert found == [RING], found
    assert reports() == ["x.jsonl"], reports()  # none for the silent child
    out, found = all_findings(*"keep 100 fork lost keep 20 forget then exit "
                              "0".split())
    pid = out.split()[1]
    assert findings("x.jsonl") == []
    own = records("x.jsonl." + pid, "finding")
    assert sum(f["bytes"] for f in own) >= 124, own
    assert sum(f["retained_blocks"] for f in own) <= 120, own
    _, found = all_findings(*"fork fork ring then lost then exit 0".split())
    assert found == [RING, ("lost", 2)], found


@check
def generations_answer_for_themselves():
    """More of them than there are numbers for epochs, and scans before."""
    for options in ("", "--threshold=1 --budget=100"):
        for name in reports():
            os.unlink(name)
        run("--format=none " + options, ACT, *"keep 110 generations 150".split())
        assert len(reports()) == 150, len(reports())
        for name in reports():
            last = scans("exit", name)[-1]["n"]
            found = [f for f in records(name, "finding") if f["scan"] == last]
            assert [(f["kind"], f["count"]) for f in found] == [LOST], name


@check
def parents_hold_what_their_children_made():
    for child, own in (("hang", []), ("hang lost", [LOST]), ("hang keep 5", []),
                       ("keep 5 hang ring", [RING])):
        _, found = all_findings(*f"keep 100 fork {child} _exit 0 then exit 0"
                                .split())
        assert found == own, (child, found)
        assert len(reports()) == 1 + len(own), reports()


@check
def children_that_cannot_write_say_nothing():
    """Unless there is something to be written."""
    as_other()
    place = reachable_by_others()
    try:
        for what, said in (("keep 3", 0), ("lost", 1)):
            words = f"fork {what} exit 3 then exit 4".split()
            env = environment(LD_PRELOAD=place + "/libgordian.so",
                              GORDIAN_OPTIONS=f"report={place}/sub/%n")
            os.mkdir(place + "/sub")
            os.chown(place + "/sub", 65534, 65534)
            code, _, err = start(as_other(
                place + "/act", "read-only", "sub", *words), cwd=place,
                env=env)
            shutil.rmtree(place + "/sub")
            assert code == 4, (code, err)
            assert err.count("permission denied") == said, (what, err)
    finally:
        shutil.rmtree(place)


@check
def children_with_findings_have_reports():
    """Others have none, whatever they do; an executed program has one where a
    place for it was named."""
    out, found = all_findings(*"fork lost _exit 4 then fork keep 3 exit 5 then "
                              "fork exec say x then fork exit 6 then "
                              "fork keep 1 system true exit 0".split())
    pids = [line.split()[1] for line in out.splitlines()
            if line.startswith("child")]
    mine = "x.jsonl." + pids[0]
    assert len(scans("exit", mine)) == 1
    assert records(mine, "end")[-1]["exit"] == 4
    for pid in (pids[1], pids[3], pids[4]):
        assert "x.jsonl." + pid not in reports(), reports()
    executed = records("x.jsonl." + pids[2])
    assert [r["t"] for r in executed if r["t"] in ("program", "scan", "end")] \
        == ["program", "scan", "end"], executed
    assert executed[0]["argv"][1:] == ["say", "x", "then"] or \
        "say" in executed[0]["argv"], executed[0]
    assert found == [LOST], found


@check
def children_that_hold_all_make_no_scan():
    """Where none can be made, only one that has lost a block needs it."""
    as_other()
    place = reachable_by_others()
    os.chmod(place, 0o777)
    words = "keep 9 fork limit-processes keep 3 {} _exit 0 then exit 0"
    try:
        for what, code in (("", 0), ("lost", 125), ("forget", 125)):
            done = start(as_other(
                place + "/gordian", "run", "--error-exitcode=9", place + "/act",
                *words.format(what).split()), cwd=place)
            assert done[0] == code, (what, done)
            assert ("could not be made" in done[2]) == (code == 125), done
    finally:
        shutil.rmtree(place)


@check
def only_findings_leave_reports():
    """Where no place was named: of PROGRAM, and of what has a finding."""
    others = "system true spawn".split() + [f"exec {ACT} keep 5 exit 0"]
    code, out, _ = run("--format=none", ACT, *others)
    assert code == 0 and len(reports()) == 1, (code, out, reports())
    assert records(reports()[0])[0]["argv"][1:] == others
    code, out, _ = run("--format=none", ACT, "spawn", f"exec {ACT} lost")
    assert code == 0 and len(reports()) == 3, (code, out, reports())
    last = [name for name in reports() if records(name, "finding")]
    assert len(last) == 1 and records(last[0], "end"), reports()


@check
def children_without_a_report_answer():
    """A program that was executed makes one to answer with."""
    process = subprocess.Popen([GORDIAN, "run", "--format=none", "--", "sh",
                                "-c", f"{ACT} ring blocked pause & echo $!; "
                                "wait"], stdout=subprocess.PIPE, text=True,
                               env=environment())
    first, second = sorted(process.stdout.readline() for _ in range(2))
    pid = int(first)
    try:
        assert second == "ready\n"
        assert len(reports()) == 1, reports()
        code, out, err = start([GORDIAN, "check", "--format=json", str(pid)])
        assert code == 0, err
        assert [f["kind"] for f in json.loads(out)["findings"]] == ["cycle"]
    finally:
        os.kill(pid, signal.SIGTERM)
        process.communicate()
    assert len(reports()) == 2, reports()


# What cannot be seen

def compiled(name, source, *flags):
    open(name + ".c", "w").write(source)
    code, _, err = start(["cc", "-o", name, name + ".c", *flags])
    if code:
        raise Skip("cannot compile: " + err.split("\n")[0])
    return os.path.abspath(name)


AROUND_MAIN = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
typedef int function(int, char **, char **);
static function *real;
static int around(int argc, char **argv, char **envp)
{
    void *volatile held = malloc(100);
    int status = real(argc, argv, envp);
    free(held);
    return status;
}
int __libc_start_main(function *f, int argc, char **argv, void (*a)(void),
                      void (*b)(void), void (*c)(void), void *end)
{
    int (*start)(function *, int, char **, void (*)(void), void (*)(void),
                 void (*)(void), void *) = dlsym(RTLD_NEXT,
                                                 "__libc_start_main");
    real = f;
    return start(around, argc, argv, a, b, c, end);
}
"""


@check
def frames_of_others_around_main():
    """What another library keeps outside of main is not lost."""
    other = compiled("around.so", AROUND_MAIN, "-shared", "-fPIC")
    for library in (LIBRARY + " " + other, other + " " + LIBRARY):
        code, _, err = preload(None, ACT, "exit", "0", library=library)
        assert (code, err) == (0, ""), err
        code, _, err = preload(None, ACT, "lost", "exit", "0", library=library)
        assert "gordian: 1 kind of lost block" in err, err


BARE = r"""
#include <stdlib.h>
void with_rbx(void *(*call)(size_t), size_t n);
__asm__(".text\n.type with_rbx, @function\nwith_rbx: .cfi_startproc\n"
        "push %rbx\n.cfi_def_cfa_offset 16\n.cfi_offset %rbx, -16\n"
        "mov %rsp, %rbx\n.cfi_def_cfa_register %rbx\n"
        "and $-256, %rsp\nmov %rdi, %rax\nmov %rsi, %rdi\ncall *%rax\n"
        "mov %rbx, %rsp\n.cfi_def_cfa_register %rsp\npop %rbx\n"
        ".cfi_def_cfa_offset 8\nret\n.cfi_endproc\n");
int main(void) { with_rbx(malloc, 100); return 0; }
"""


@check
def stacks_without_libunwind():
    """That they may be cut short is said, where it is wanted."""
    path = compiled("bare", BARE)
    os.mkdir("lib")
    open("lib/libunwind.so.8", "w").close()
    for env, said in ((environment(), 0),
                      (environment(LD_LIBRARY_PATH="lib"), 1)):
        run("--format=none --report=x.jsonl", path, env=env)
        texts = [w["text"] for w in records("x.jsonl", "warning")]
        assert sum("'libunwind.so.8'" in t for t in texts) == said, texts
        assert len(texts) == said, texts


OWN_MALLOC = """
#include <stddef.h>
static char pool[1 << 20]; static size_t used;
void *malloc(size_t n)
{ void *p = pool + used; used += n + 15 & ~15; return p; }
void free(void *p) { (void)p; }
void *calloc(size_t n, size_t m) { return malloc(n * m); }
void *realloc(void *p, size_t n) { (void)p; return malloc(n); }
int main(void) { return malloc(100) ? 6 : 0; }
"""


@check
def static_program():
    path = compiled("static", "int main(void) { return 7; }", "-static")
    code, out, err = run("--report=x.jsonl", path)
    assert (code, out) == (7, "")
    one_line(err, "static", "statically linked")


@check
def own_allocator():
    path = compiled("own", OWN_MALLOC, "-rdynamic", "-fno-builtin")
    code, out, err = run("--report=x.jsonl", path)
    assert (code, out) == (6, ""), (code, out, err)
    assert "own malloc" in err, err


@check
def never_allocates():
    path = compiled("never", "int main(void) { return 8; }")
    code, out, err = run("--report=x.jsonl", path)
    assert (code, out) == (8, ""), (code, out)
    assert "nothing leaked" in err and "warning" not in err, err
    code, out, err = preload(None, path)
    assert (code, out, err) == (8, "", ""), (code, out, err)
    code, out, err = preload(None, compiled("once", """
#include <stdlib.h>
int main(void) { free(realloc(malloc(5), 500)); return 8; }"""))
    assert (code, err) == (8, ""), err


@check
def setuid_program():
    if os.getuid():
        raise Skip("not root")
    place = reachable_by_others()
    try:
        os.chmod(place + "/act", 0o4755)
        os.chmod(place, 0o777)
        code, out, err = start(as_other(
            place + "/gordian", "run", place + "/act", "say", "ran", "exit",
            "4"), cwd=place)
        assert (code, out) == (4, "ran\n"), (code, out)
        one_line(err, "set-uid")
    finally:
        shutil.rmtree(place)


# What the program sees

@check
def no_thread_and_no_child():
    code, out = act("tasks keep 2000 tasks no-children tasks",
                    "--format=none --interval=0.02 --threshold=100")
    assert code == 0
    assert out == "tasks 1\ntasks 1\nchildren 0 0 0\ntasks 1\n", out
    assert len(scans("interval")) + len(scans("threshold")) > 10


@check
def what_is_closed_is_free():
    """A child that kept descriptors would hold each for its whole scan."""
    for what in ("pipe", "port", "flock", "ofd"):
        assert act("open-many 800 keep 400000 holds " + what,
                   "--format=none --interval=0.05 --budget=100") == \
            (0, "free meanwhile\n"), what


@check
def errno_is_kept():
    code, out = act("errno", "--format=none --threshold=10 --interval=0.01")
    assert (code, out) == (0, "errno changed 0\nerrno set 1\n"), out
    assert len(records("x.jsonl", "scan")) > 10


@check
def dispositions_are_told_as_set():
    code, out = act("dispositions")
    assert (code, out) == (0, "dispositions wrong 0\n"), out


@check
def output_is_unchanged():
    script = "echo out; echo err >&2; printf nonl; exit 12"
    plain = start(["sh", "-c", script])
    assert run("--format=none", "sh", "-c", script) == plain
    assert preload(None, "sh", "-c", script) == plain


def default_signals():
    """Whatever nohup, or a shell that put us in the background, ignores."""
    for sig in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(sig, signal.SIG_DFL)


def main():
    global ACT
    default_signals()
    home = tempfile.mkdtemp()
    ACT = os.path.join(home, "act")
    if not os.path.exists(LIBRARY):
        print("no libgordian.so")
        return 77
    code, _, err = start(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g",
                          "-I", os.path.join(TOP, "tests", "victims"),
                          "-I", os.path.join(TOP, "src"),
                          os.path.join(TOP, "tests", "act.c"), "-o", ACT,
                          "-lpthread"])
    if code:
        print(err)
        return 99
    failed = 0
    for function in CHECKS:
        if sys.argv[1:] and function.__name__ not in sys.argv[1:]:
            continue
        scratch = tempfile.mkdtemp()
        os.chdir(scratch)
        began = time.monotonic()
        try:
            function()
            print(f"ok {function.__name__} "
                  f"({time.monotonic() - began:.1f} s)")
        except Skip as why:
            print("skip", function.__name__ + ":", why)
        except Exception as why:  # each check stands alone
            failed += 1
            line = why.__traceback__
            while line.tb_next and line.tb_next.tb_frame.f_code.co_filename \
                    == __file__:
                line = line.tb_next
            text = " ".join(f"{type(why).__name__}: {why}".split("\n"))
            print(f"not ok {function.__name__}:{line.tb_lineno}:",
                  text[:1500])
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)
        sys.stdout.flush()
    shutil.rmtree(home, ignore_errors=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
