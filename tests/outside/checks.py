#!/usr/bin/env python3
"""gordian check: processes that are asked from outside."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from common import (
    ACT, as_other, check, Daemon, environment, GORDIAN, main, one_line,
    reachable_by_others, RING, scans, SECONDS, start)


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


if __name__ == "__main__":
    sys.exit(main())
