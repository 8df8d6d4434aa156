#!/usr/bin/env python3
"""Programs in places where a scan has to make do: watched by a debugger, in a
container, refused what it asks for, without rights, without /proc. Each goes
on as it would without Gordian, and where a scan can be made it is."""
import ctypes
import errno
import os
import resource
import shutil
import struct
import sys

from common import (
    ACT, as_other, check, findings, LIBRARY, main, preload,
    reachable_by_others, records, RING, run, scans, Skip, start, warnings)

LIBC = ctypes.CDLL(None, use_errno=True)
WORDS = "thread thread ring scans 3 realloc say on exit 3".split()
NO_SCANS = "thread thread ring loop realloc 400 say on exit 3".split()
OPTIONS = "report=x.jsonl:interval=0.02"


def is_undisturbed(words=WORDS, **rest):
    """It runs as it would, is scanned all the while, and nothing is said."""
    code, out, err = run(
        "--format=none --interval=0.02 --report=x.jsonl", ACT, *words,
        **rest)
    assert (code, out, err) == (3, "on\n", ""), (code, out, err)
    assert findings("x.jsonl") == [RING], findings("x.jsonl")
    assert len(scans("interval")) >= 3, records("x.jsonl")
    assert warnings() == [], warnings()


def is_left_alone(word, **rest):
    """It runs as it would; that no scan was made is said, once."""
    code, out, err = run(
        "--format=none --interval=0.02 --report=x.jsonl", ACT, *NO_SCANS,
        **rest)
    assert (code, out, err) == (3, "on\n", ""), (code, out, err)
    assert not records("x.jsonl", "scan")
    assert len(warnings()) == 1, warnings()
    (text,) = warnings()
    assert word in text, text


# Watched

def need(program):
    if not shutil.which(program):
        raise Skip("no " + program)


@check
def gdb_lets_it_pass():
    """Its user is not stopped, and sees no threads that are not there."""
    need("gdb")
    code, out, err = start(
        ["gdb", "-nx", "-batch", "-ex", "set startup-with-shell off",
         "-ex", "set environment LD_PRELOAD " + LIBRARY,
         "-ex", "set environment GORDIAN_OPTIONS " + OPTIONS,
         "-ex", "run", "--args", ACT, *WORDS])
    if "[Inferior 1 " not in out:
        raise Skip("gdb cannot run a program here: " + err.split("\n")[0])
    assert "exited with code 03]" in out, out
    assert "received signal" not in out, out
    assert out.count("[New ") - out.count("[New process") == 2, out
    assert findings("x.jsonl") == [RING]
    assert len(scans("interval")) >= 3
    # the first may be due where libunwind is opened, before any other thread
    stopped = [s["stopped_threads"] for s in scans("interval")]
    assert set(stopped[1:]) <= {1, 2} and stopped[0] <= 2, stopped
    assert warnings() == [], warnings()


@check
def strace_sees_one_process():
    need("strace")
    code, out, err = start(
        ["strace", "-f", "-o", "trace", "-E", "LD_PRELOAD=" + LIBRARY,
         "-E", "GORDIAN_OPTIONS=plain=no:" + OPTIONS, ACT, *WORDS])
    if not os.path.exists("trace"):
        raise Skip("strace cannot run a program here: " + err.split("\n")[0])
    assert (code, out) == (3, "on\n"), (code, out, err)
    assert "unknown pid" not in err, err
    seen = {line.split()[0] for line in open("trace", errors="replace")}
    assert len(seen) == 3, seen  # threads
    assert len(scans("interval")) >= 3


# Refused

ALLOW, ERRNO = 0x7fff0000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_SET, AND, RETURN = 0x20, 0x15, 0x45, 0x54, 0x06
NUMBERS = {  # of x86-64
    "clone": 56, "ptrace": 101, "mount": 165, "umount2": 166, "unshare": 272,
    "perf_event_open": 298, "setns": 308, "process_vm_readv": 310,
    "process_vm_writev": 311, "kcmp": 312, "bpf": 321, "userfaultfd": 323,
    "pidfd_open": 434, "clone3": 435, "close_range": 436, "pidfd_getfd": 438,
    "process_madvise": 440}
CLONE_THREAD = 0x10000


def seccomp(program):
    """For preexec_fn: system calls are let through this filter."""
    if os.uname().machine != "x86_64":
        raise Skip("knows the system calls of x86-64 alone")
    code = b"".join(struct.pack("HBBI", *line) for line in program)

    def install():
        buffer = ctypes.create_string_buffer(code)
        filters = ctypes.create_string_buffer(struct.pack(
            "HxxxxxxP", len(program), ctypes.addressof(buffer)))
        if LIBC.prctl(38, 1, 0, 0, 0) or LIBC.prctl(22, 2, filters):
            os._exit(99)
    return install


def refuse(**names):
    """These calls fail, each with its errno."""
    program = [(LOAD, 0, 0, 0)]
    for name, error in names.items():
        program += [(JUMP_EQUAL, 0, 1, NUMBERS[name]),
                    (RETURN, 0, 0, ERRNO | error)]
    return seccomp(program + [(RETURN, 0, 0, ALLOW)])


def refuse_clone(error):
    """Of a process that sends no signal at its end."""
    return seccomp([
        (LOAD, 0, 0, 0), (JUMP_EQUAL, 0, 5, NUMBERS["clone"]),
        (LOAD, 0, 0, 16), (JUMP_SET, 3, 0, CLONE_THREAD), (AND, 0, 0, 0xff),
        (JUMP_EQUAL, 0, 1, 0), (RETURN, 0, 0, ERRNO | error),
        (RETURN, 0, 0, ALLOW)])


@check
def container():
    """As Docker's profile, and stricter."""
    refused = {name: errno.EPERM for name in NUMBERS
               if name not in ("clone", "clone3", "close_range")}
    is_undisturbed(preexec_fn=refuse(clone3=errno.ENOSYS, **refused))


@check
def old_kernel():
    """Every descriptor is closed though close_range is not there."""
    code, out, err = run(
        "--format=none --interval=0.05 --budget=100 --report=x.jsonl",
        ACT, *"keep 400000 holds pipe".split(),
        preexec_fn=refuse(close_range=errno.ENOSYS, clone3=errno.ENOSYS))
    assert (code, out, err) == (0, "free meanwhile\n", ""), (code, out, err)


@check
def no_second_process():
    for error in (errno.EPERM, errno.EAGAIN, errno.ENOMEM):
        is_left_alone("no permission for a second process",
                      preexec_fn=refuse_clone(error))


# Elsewhere

def need_root():
    if os.getuid():
        raise Skip("not root")


@check
def too_many_processes():
    """The limit of a user, which does not count for root."""
    need_root()
    place = reachable_by_others()
    try:
        os.chmod(place, 0o777)
        words = "limit-processes ring loop realloc 300 say on exit 3"
        code, out, err = start(as_other(
            "env", "LD_PRELOAD=" + place + "/libgordian.so",
            f"GORDIAN_OPTIONS=report={place}/x.jsonl:interval=0.02",
            place + "/act", *words.split()), cwd=place)
        assert (code, out) == (3, "on\n"), (code, out, err)
        os.chdir(place)
        (text,) = warnings()
        assert "second process" in text, text
    finally:
        shutil.rmtree(place)


@check
def another_user():
    """The report is kept open; nothing else is needed."""
    need_root()
    is_undisturbed(("set-user", "65534", *WORDS))


@check
def chroot_without_proc():
    need_root()
    os.mkdir("root")
    is_undisturbed(("chroot", "root", *WORDS))


@check
def nowhere_a_proc():
    """From the start: no scan, and the program does not notice."""
    need_root()

    def hide_proc():
        if LIBC.unshare(0x20000) or \
                LIBC.mount(b"none", b"/", None, 0x44000, None) or \
                LIBC.umount2(b"/proc", 2):
            os._exit(77)
    code, out, err = preload("plain=no:" + OPTIONS, ACT, *NO_SCANS,
                             preexec_fn=hide_proc)
    if code == 77:
        raise Skip("no namespace of mounts")
    assert (code, out) == (3, "on\n"), (code, out, err)
    assert not records("x.jsonl", "scan")
    (text,) = warnings()
    assert "/proc" in text, text


if __name__ == "__main__":
    sys.exit(main())
