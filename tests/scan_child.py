#!/usr/bin/env python3
"""The child that scans: it is the first to go, and nobody goes for it."""
import os
import re
import signal
import subprocess
import sys
import time

from common import (
    check, child_of, Daemon, GORDIAN, main, one_line, RING, SECONDS, Skip,
    start)


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


if __name__ == "__main__":
    sys.exit(main())
