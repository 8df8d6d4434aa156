#!/usr/bin/env python3
"""The child that scans: it is the first to go, and nobody goes for it."""
import contextlib
import os
import re
import resource
import signal
import subprocess
import sys
import time

from common import (
    ACT, check, child_of, Daemon, findings, GORDIAN, main, one_line, RING,
    scans, SECONDS, Skip, start, state_of, TOP, wait_until)
from outside import compiled


def has_offered_itself(child):
    """To go first. Before that it survives no fault."""
    with open(f"/proc/{child}/oom_score_adj") as file:
        return file.read() == "1000\n"


def kill_the_child(pid):
    """Once it has offered itself. False: its scan is over."""
    child = child_of(pid)
    if not child:
        return False
    try:
        os.kill(int(child), signal.SIGSTOP)  # or it might end meanwhile
        first = has_offered_itself(child)
        os.kill(int(child), signal.SIGKILL if first else signal.SIGCONT)
    except (OSError, ValueError):
        return False
    return first


def ask_until_it_fails(daemon, meanwhile):
    """What `gordian check` said when meanwhile(pid, set) was not too late."""
    seen = set()
    for _ in range(50):
        asked = subprocess.Popen([GORDIAN, "check", daemon.pid],
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
        while asked.poll() is None and not meanwhile(daemon.pid, seen):
            pass
        err = asked.communicate(timeout=SECONDS)[1].decode()
        if asked.returncode:
            break
    assert asked.returncode == 1, err
    return err, seen


@check
def the_child_is_the_first_to_go():
    """To the kernel that lacks memory; and its end is survived."""
    with Daemon("keep 1500000 ring blocked read",
                options=":budget=0") as daemon:
        err, _ = ask_until_it_fails(daemon, lambda pid, _: kill_the_child(pid))
        one_line(err, "a scan was killed by signal 9")
        assert open(f"/proc/{daemon.pid}/oom_score_adj").read() == \
            open("/proc/self/oom_score_adj").read()
        assert daemon.found() == [RING]
        assert daemon.end() == (0, "read 0 0\n")


MOVE = bytes.fromhex("488b042500100000")  # mov 0x1000, %rax


def spoil_the_child(pid):
    """Lets it stumble in our library. False: its scan is over."""
    child = child_of(pid)
    if not child:
        return False
    try:
        os.kill(int(child), signal.SIGSTOP)
        wait_until(lambda: state_of(child) in "TZX")
        with open(f"/proc/{child}/syscall") as file:
            at = int(file.read().split()[-1], 16)
        with open(f"/proc/{child}/maps") as file:
            ours = [line for line in file if "libgordian.so" in line]
        low, high = [[int(n, 16) for n in line.split()[0].split("-")]
                     for line in ours if " r-xp " in line][0]
        if has_offered_itself(child) and low <= at < high - len(MOVE):
            with open(f"/proc/{child}/mem", "r+b", 0) as file:
                os.pwrite(file.fileno(), MOVE, at)
            return True
        return False
    except (OSError, ValueError, IndexError):
        return False
    finally:
        with contextlib.suppress(OSError):
            os.kill(int(child), signal.SIGCONT)


@check
def what_ends_the_child_is_told():
    """Where it crashed, or by which signal it was killed."""
    def send_a_fault(pid):
        child = child_of(pid)
        with contextlib.suppress(OSError):
            os.kill(int(child), signal.SIGSEGV) if child else None
        return child

    for end, told in (
            (spoil_the_child, r"a scan crashed at libgordian\.so\+0x"
             r"[0-9a-f]+ \(it read 0x1000\)"),
            (kill_the_child, "a scan was killed by signal 9"),
            (send_a_fault, "a scan was killed by signal 11")):
        with Daemon("keep 1500000 ring blocked read",
                    options=":budget=0") as daemon:
            err, _ = ask_until_it_fails(daemon, lambda pid, _: end(pid))
            one_line(err)
            assert re.search(told, err), (told, err)
            assert daemon.found() == [RING]
            assert daemon.end() == (0, "read 0 0\n")


def limit_of(child):
    with open(f"/proc/{child}/limits") as file:
        return re.search(r"Max cpu time +(\S+)", file.read())[1]


def tell_that_it_is_late(pid, limits):
    """As the kernel does: once the child has its limit."""
    child = child_of(pid)
    with contextlib.suppress(OSError, TypeError):  # its scan is over
        limits.add(limit_of(child))
        if limits != {"unlimited"}:
            os.kill(int(child), signal.SIGXCPU)


@check
def the_child_has_a_limit_of_time():
    """Of its own, or the program's where that is less; it is told when met."""
    for most in (resource.RLIM_INFINITY, 7):
        limit = (most, most)
        with Daemon("keep 1500000 ring blocked read", options=":budget=0",
                    preexec_fn=lambda: resource.setrlimit(
                        resource.RLIMIT_CPU, limit)) as daemon:
            err, limits = ask_until_it_fails(daemon, tell_that_it_is_late)
            limit, = map(int, limits - {"unlimited"})  # that of the program
            assert limit == 7 if most == 7 else 10 <= limit <= 60, limit
            one_line(err, f"took more than {limit} seconds")
            assert daemon.found() == [RING]
            assert daemon.end() == (0, "read 0 0\n")


CLONE = 56


@check
def programs_that_are_killed_while_they_stand_still():
    """The scan goes on without them, and says how long they stood."""
    with open(os.path.join(TOP, "tests", "outside", "inject.c")) as file:
        inject = compiled("inject", file.read(), "-D_GNU_SOURCE")

    def status(*options):
        """When the scan's child has ended, too."""
        code = start([inject, "log", *options, "--", GORDIAN, "run",
                      "--format=none", "--error-exitcode=9", "--report=x.jsonl",
                      ACT, "keep", "100", "ring"])[0]
        if code == 77:
            raise Skip("the kernel has no filters that ask")
        return code

    assert status() == 9
    *_, site = [line.split()[0] for line in open("log")
                if line.split()[1] == str(CLONE)]
    assert status("--site=" + site, "--kill") in (9, 137)
    scan, = scans("exit")
    assert findings("x.jsonl") == [RING] and scan["copied_kb"] == 0, scan
    assert 0 < scan["pause_us"] < SECONDS * 1e6, scan
    assert scan["cost_ms"] < scan["pause_us"] / 1e3 + scan["child_cpu_ms"] + 1


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
            one_line(err, "a scan was killed by signal 9")
            group.limit(20 << 20)
            assert daemon.found() == [RING]
            assert daemon.end() == (0, "read 0 0\n")
    finally:
        group.end()


if __name__ == "__main__":
    sys.exit(main())
