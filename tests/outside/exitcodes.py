#!/usr/bin/env python3
"""The exit status of gordian run, and the signals that it passes on."""
import os
import signal
import subprocess
import sys

from common import (
    ACT, act, build, check, child_of, environment, findings, GORDIAN, main,
    records, RING, run, scans, SECONDS, start, TOP, wait_asleep)


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
def status_of_what_types_decide():
    """Whether anything is printed or not."""
    build(os.path.join(TOP, "tests", "victims", "cycle-weak-registry.cc"),
          "-o", "registry", "-lpthread")
    for form in "none", "text":
        code, _, err = run(f"--format={form} --error-exitcode=42",
                           "./registry")
        assert code == 42, (form, code, err)


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
                   "--report=", "--suppressions=", "--baseline=",
                   "--gen-suppressions"):
        code, out, err = run(option, "echo", "ran")
        assert (code, out) == (125, ""), (option, code, out)
        assert err.startswith("gordian run: ") and err.count("\n") == 1, err


if __name__ == "__main__":
    sys.exit(main())
