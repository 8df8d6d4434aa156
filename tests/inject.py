#!/usr/bin/env python3
"""Each system call of the library's fails in turn, under one program that
allocates, threads, forks, executes, opens a plugin and ends. What it prints
and returns stays the same, nothing is falsely reported, and what is not found
is said to be unknown.

tests/inject.c makes a call fail, told by the place in the library that makes
it. By default each place fails once, at its first call; with --all also later,
always, with other errors, and under the program that loses nothing. --only=SITE
takes that place alone. One line a check; fails when one does."""
import collections
import errno
import glob
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
LIBRARY = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
SECONDS = 120  # a hang; nothing takes as long, however busy the machine
FOREVER = 1 << 30
OUTPUT = ["child", "end", "plugin done", "threads done"]
LOST = {("cycle", 80): 1, ("lost", 44): 1, ("lost", 154): 1, ("lost", 55): 1}

# The calls of x86-64 that can fail, and how. Those that cannot, or whose
# failure nobody could survive, are not here: exit, rt_sigreturn, gettid ...
ERRORS = {
    0: ("read", errno.EIO, errno.EINTR), 1: ("write", errno.ENOSPC, errno.EIO),
    2: ("open", errno.EMFILE, errno.EACCES),
    3: ("close", errno.EIO, errno.EINTR), 4: ("stat", errno.EACCES),
    5: ("fstat", errno.EIO), 6: ("lstat", errno.EACCES),
    8: ("lseek", errno.ESPIPE), 9: ("mmap", errno.ENOMEM, errno.EPERM),
    10: ("mprotect", errno.ENOMEM), 11: ("munmap", errno.ENOMEM),
    13: ("rt_sigaction", errno.EPERM), 16: ("ioctl", errno.ENOTTY),
    17: ("pread64", errno.EIO), 18: ("pwrite64", errno.ENOSPC),
    25: ("mremap", errno.ENOMEM), 27: ("mincore", errno.ENOSYS),
    28: ("madvise", errno.EINVAL), 32: ("dup", errno.EMFILE),
    33: ("dup2", errno.EMFILE), 51: ("getsockname", errno.ENOBUFS),
    52: ("getpeername", errno.ENOBUFS), 56: ("clone", errno.EAGAIN,
                                             errno.EPERM),
    59: ("execve", errno.ENOMEM), 61: ("wait4", errno.EINTR),
    62: ("kill", errno.EPERM), 72: ("fcntl", errno.EMFILE),
    73: ("flock", errno.ENOLCK, errno.EINTR), 77: ("ftruncate", errno.EIO),
    79: ("getcwd", errno.ENOENT), 87: ("unlink", errno.EACCES),
    89: ("readlink", errno.EACCES), 98: ("getrusage", errno.EPERM),
    128: ("rt_sigtimedwait", errno.EAGAIN), 129: ("rt_sigqueueinfo",
                                                  errno.EAGAIN),
    131: ("sigaltstack", errno.ENOMEM), 157: ("prctl", errno.EINVAL),
    203: ("sched_setaffinity", errno.EPERM), 217: ("getdents64", errno.ENOENT),
    228: ("clock_gettime", errno.EINVAL), 230: ("clock_nanosleep",
                                                errno.EINTR),
    234: ("tgkill", errno.EAGAIN), 247: ("waitid", errno.EINTR),
    257: ("openat", errno.EMFILE, errno.EACCES),
    262: ("newfstatat", errno.EACCES), 267: ("readlinkat", errno.EACCES),
    292: ("dup3", errno.EMFILE), 297: ("rt_tgsigqueueinfo", errno.EAGAIN,
                                       errno.EPERM),
    302: ("prlimit64", errno.EPERM), 310: ("process_vm_readv", errno.EPERM),
    319: ("memfd_create", errno.EMFILE), 334: ("rseq", errno.EPERM),
    424: ("pidfd_send_signal", errno.EPERM), 425: ("io_uring_setup",
                                                   errno.EPERM),
    434: ("pidfd_open", errno.EMFILE), 436: ("close_range", errno.ENOSYS),
}

Try = collections.namedtuple("Try", "site number error skip times clean")


def build():
    for words in (["inject.c", "-o", "inject"],
                  ["injected.c", "-o", "injected", "-pthread", "-ldl"],
                  ["injected.c", "-o", "plugin.so", "-shared", "-fPIC",
                   "-DPLUGIN"]):
        subprocess.run([os.environ.get("CC", "gcc"), "-O1", "-g",
                        "-D_GNU_SOURCE", os.path.join(TOP, "tests", words[0]),
                        *words[1:]], check=True)


def start(options, clean):
    """status, output, errors, [(site, number, error)]"""
    words = ["./inject", "log", *options, "--", GORDIAN, "run",
             "--report=r.%p.jsonl", "--threshold=700", "--error-exitcode=9",
             "./injected", "./plugin.so"] + (["clean"] if clean else [])
    env = {key: value for key, value in os.environ.items()
           if key not in ("LD_PRELOAD", "GORDIAN_OPTIONS")}
    for name in glob.glob("r.*.jsonl*"):
        os.unlink(name)
    done = subprocess.run(words, env=env, timeout=SECONDS,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    calls = [line.split() for line in open("log")]
    return (done.returncode, sorted(done.stdout.decode().splitlines()),
            done.stderr.decode(errors="replace"),
            [(site, int(number), int(error)) for site, number, error in calls])


def found():
    """The alarms of all reports: {(kind, bytes): count of findings}"""
    reports = glob.glob("r.*.jsonl*")
    if not reports:
        return {}
    done = subprocess.run([GORDIAN, "report", "--format=json", *reports],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if not done.stdout:
        return {}
    return dict(collections.Counter(
        (f["kind"], f["bytes"]) for f in json.loads(done.stdout)["findings"]
        if f["confidence"] != "suspect" and not f.get("gone")))


def judge(status, output, errors, clean, usual):
    """What is wrong, or None."""
    alarms = found()
    truth = {} if clean else LOST
    if output != OUTPUT:
        return "the program's output differs: %r" % output
    for what in alarms:
        # Of the two threads' blocks one may be missed.
        if what not in truth and (clean or what != ("lost", 77)):
            return "falsely reported: %r" % (what,)
    if status not in ((9,) if alarms else (0, 125) if clean else (125,)):
        return "status %d with %r" % (status, alarms)
    if alarms != truth:
        said = [line for line in errors.splitlines()
                if line.startswith("gordian: ") and "leaked" not in line
                and re.sub(r"\d+", "N", line) not in usual]
        if not said:
            return "found %r, and nothing said of the rest" % alarms
    return None


MMAP = 9


def no_more_memory(sites, everything):
    """Every mapping of ours from the nth on, wherever it is made."""
    n = sum(count for (_, number), count in sites.items() if number == MMAP)
    step = 1 if everything else max(n // 4, 1)
    for skip in range(0, n, step):
        for clean in (False, True):
            yield Try(None, MMAP, errno.ENOMEM, skip, FOREVER, clean)


def tries(sites, everything):
    for (site, number), count in sorted(sites.items()):
        if number not in ERRORS:
            continue
        _, *errors = ERRORS[number]
        if not everything:
            yield Try(site, number, errors[0], 0, 1, False)
            continue
        for error in errors:
            for clean in (False, True):
                for skip in range(min(count, 4)):
                    yield Try(site, number, error, skip, 1, clean)
                if error != errno.EINTR:  # no call is interrupted for ever
                    yield Try(site, number, error, 0, FOREVER, clean)


def place(site):
    """Where the source makes the call, for a person."""
    if not site:
        return "anywhere"
    if not shutil.which("addr2line"):
        return site
    out = subprocess.run(["addr2line", "-s", "-f", "-i", "-e", LIBRARY, site],
                         stdout=subprocess.PIPE).stdout.decode().split("\n")
    names = [name for name, line in zip(out[::2], out[1::2])
             if not line.startswith("sys.h")]
    return "%s (%s)" % (site, " < ".join(names[:3]))


def one(t, usual):
    """What is wrong, or None."""
    options = ["--site=" + t.site if t.site else "--call=%d" % t.number,
               "--errno=%d" % t.error,
               "--skip=%d" % t.skip, "--times=%d" % t.times]
    try:
        status, output, errors, calls = start(options, t.clean)
    except subprocess.TimeoutExpired:
        return "hangs", True
    failed = any(error for _, _, error in calls)
    return judge(status, output, errors, t.clean, usual), failed


def census():
    """How often each place makes its call, and what is always said."""
    sites, usual = collections.Counter(), set()
    for clean in (False, True, False):
        status, output, errors, calls = start([], clean)
        if status == 77:
            print("no seccomp filter that hands calls on to another program here")
            sys.exit(77)
        wrong = judge(status, output, errors, clean, set())
        assert not wrong, wrong + "\n" + errors
        assert found() == ({} if clean else LOST), errors
        sites.update((site, number) for site, number, _ in calls)
        usual.update(re.sub(r"\d+", "N", line)
                     for line in errors.splitlines())
    return sites, usual


def main():
    everything = "--all" in sys.argv[1:]
    only = [word[7:] for word in sys.argv[1:] if word.startswith("--only=")]
    bad = reached = 0
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        build()
        sites, usual = census()
        if only:
            sites = {key: n for key, n in sites.items() if key[0] in only}
        memory = [] if only else no_more_memory(sites, everything)
        for t in itertools.chain(tries(sites, everything), memory):
            wrong, failed = one(t, usual)
            reached += failed
            if wrong:
                bad += 1
                print("FAIL %s %s skip %d times %d %s, %s: %s" % (
                    ERRORS[t.number][0], errno.errorcode[t.error], t.skip,
                    t.times, "clean" if t.clean else "leaky", place(t.site),
                    wrong), flush=True)
        os.chdir("/")
    print("%d calls failed at %d places, %d wrong" % (
        reached, len({site for site, number in sites if number in ERRORS}),
        bad))
    assert only or reached > 50, "the library makes more calls than that"
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
