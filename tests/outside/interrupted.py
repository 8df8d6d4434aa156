#!/usr/bin/env python3
"""A handler that runs between a scan and the call that Gordian makes again
ends that call: tests/outside/interrupted.c raises the signal there."""
import os
import sys

from common import LIBRARY, TOP, Daemon, check, main
from made import compiled

ENDED = "-1 Interrupted system call, handled 1\n"
CALLS = ("pause", "sigsuspend", "poll", "ppoll", "select", "epoll_wait",
         "nanosleep", "clock_nanosleep", "sem_timedwait", "msgrcv", "recv")


def built():
    source = open(os.path.join(TOP, "tests", "outside", "interrupted.c")).read()
    return compiled("waits", source, "cc", "-D_GNU_SOURCE"), \
        compiled("between.so", source, "cc", "-D_GNU_SOURCE", "-DBETWEEN",
                 "-shared", "-fPIC", "-ldl")


def outcome(program, between, call, how, place):
    """What the program prints when it is scanned while it waits."""
    os.environ["PLACE"] = str(place)
    with Daemon(f"{call} {how}", act=program,
                library=f"{LIBRARY}:{between}") as daemon:
        daemon.check()
        code, out = daemon.end()
    assert not code, (call, how, place, code, out)
    return out


def each_call_ends(place):
    program, between = built()
    for call in CALLS:
        out = outcome(program, between, call, "plain", place)
        assert out == ENDED, (call, out)


@check
def handlers_after_the_interrupted_call():
    each_call_ends(0)


@check
def handlers_before_the_call_that_is_made_again():
    each_call_ends(1)


@check
def handlers_before_what_is_left_is_waited_for():
    program, between = built()
    assert outcome(program, between, "recv", "plain", 2) == ENDED


@check
def handlers_of_all_kinds():
    program, between = built()
    for how in ("sysv", "bsd", "onstack", "sleeps"):
        for place in (0, 1):
            out = outcome(program, between, "pause", how, place)
            assert out == ENDED, (how, place, out)


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
