#!/usr/bin/env python3
"""Programs that begin under a seccomp filter which Gordian cannot read.

What it punishes is never done to them; where scans are possible they are made,
else the report says why not. Exit: 0 as expected, 1 not so, 77 no filters here.
"""

import ctypes
import json
import os
import platform
import struct
import subprocess
import sys
import tempfile

BUILD = os.environ.get("abs_top_builddir", "build")
GORDIAN = os.path.abspath(os.environ.get("GORDIAN", BUILD + "/gordian"))
LIBRARY = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
VICTIM = os.path.abspath(os.path.join(BUILD, "tests/bin/lost-block"))
KILL, ALLOW, ERRNO = 0x80000000, 0x7fff0000, 0x00050001
CLONE, MREMAP, MINCORE, WAIT4, KEXEC = 56, 25, 27, 61, 246
LIBC = ctypes.CDLL(None, use_errno=True)


def confine(*numbers, action=KILL):
    """A function for the child: those calls are punished from then on."""
    words = [struct.pack("HBBI", 0x20, 0, 0, 0)]
    for number in numbers:
        words.append(struct.pack("HBBI", 0x15, 0, 1, number))
        words.append(struct.pack("HBBI", 0x06, 0, 0, action))
    words.append(struct.pack("HBBI", 0x06, 0, 0, ALLOW))
    code = ctypes.create_string_buffer(b"".join(words))
    program = struct.pack("HxxxxxxQ", len(words), ctypes.addressof(code))

    def close():
        if (LIBC.prctl(38, 1, 0, 0, 0) or
                LIBC.prctl(22, 2, ctypes.c_char_p(program), 0, 0)):
            os._exit(77)
        code.raw  # is still there
    return close


def run(close, argv, more="", **env):
    """(exit status, the report's lines)"""
    with tempfile.TemporaryDirectory() as directory:
        report = os.path.join(directory, "r")
        words = "report=" + report + more
        if env:
            env = dict(env, GORDIAN_OPTIONS=words)
        else:
            argv = argv[:2] + ["--format=none", "--report=" + report] + argv[2:]
        done = subprocess.run(argv, preexec_fn=close,
                              env={**os.environ, **env},
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=300)
        if done.returncode == 77:
            sys.exit(77)
        with open(report) as file:
            return done.returncode, [json.loads(line) for line in file]


def missing(lines):
    return [line["text"] for line in lines if line.get("missing")]


def found(lines):
    return sum(line["t"] == "finding" for line in lines)


def harmless():
    """As a container's: calls that nobody makes."""
    status, lines = run(confine(KEXEC, action=ERRNO), [GORDIAN, "run", VICTIM])
    assert not status and found(lines) and not missing(lines), lines


def that_scans_can_do_without():
    status, lines = run(confine(MINCORE), [GORDIAN, "run", VICTIM])
    assert not status and found(lines) and not missing(lines), lines


def that_scans_need():
    status, lines = run(confine(MREMAP), [GORDIAN, "run", VICTIM])
    assert not status and not found(lines), lines
    assert "does not allow mremap" in missing(lines)[0], lines


def no_child():
    """Nobody made a child under it, so none is tried."""
    status, lines = run(confine(CLONE), [VICTIM], LD_PRELOAD=LIBRARY)
    assert not status and "nothing shows" in missing(lines)[0], lines


def no_waiting():
    """A shell can fork, but not wait."""
    shell = ["sh", "-c", f"LD_PRELOAD={LIBRARY} exec {VICTIM}"]
    status, lines = run(confine(WAIT4), shell, NONE="1")
    assert not status and missing(lines), lines


def after_none():
    """What executed the program said that there is no filter. It may have
    executed another one before, which is not tracked and set one."""
    status, lines = run(confine(MREMAP), [VICTIM], more=":filters=0",
                        LD_PRELOAD=LIBRARY)
    assert not status and "nothing shows" in missing(lines)[0], lines


def words_of_none():
    """Programs that are executed are told how many filters there are."""
    with tempfile.TemporaryDirectory() as directory:
        said = subprocess.run([GORDIAN, "run", "--format=none",
                               f"--report={directory}/r", "env"],
                              stdout=subprocess.PIPE, text=True, timeout=300,
                              check=True).stdout
    assert ":filters=" in said, said


def by_a_launcher():
    """Its filter is known, and what it executes knows it from its options."""
    launcher = (f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r})"
                "; import os, sandbox; "
                f"sandbox.confine({KEXEC})(); "
                f"os.execv({VICTIM!r}, [{VICTIM!r}])")
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([GORDIAN, "run", "--format=none",
                        f"--report={directory}/%n", sys.executable, "-c",
                        launcher], timeout=300, check=True)
        with open(os.path.join(directory, "lost-block")) as file:
            lines = [json.loads(line) for line in file]
    assert found(lines) and not missing(lines), lines


def main():
    if platform.machine() != "x86_64":
        sys.exit(77)
    for check in (harmless, that_scans_can_do_without, that_scans_need,
                  no_child, no_waiting, after_none, words_of_none,
                  by_a_launcher):
        check()
        print("ok", check.__name__)


if __name__ == "__main__":
    main()
