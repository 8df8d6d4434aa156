#!/usr/bin/env python3
"""Each system call of the library's fails in turn, under a program that
allocates, threads, forks, executes, opens a plugin and ends, and under one
that holds its blocks in memory that is hard to read. What they print and return
stays the same, nothing is falsely reported, and what is not found is said to be
unknown.

tests/outside/inject.c makes a call fail, told by the place in the library that makes
it. By default each place fails once, at its first call; with --all also later,
always, with other errors, and under the program that loses nothing. --only=SITE
takes that place alone. One line a check; fails when one does."""
import collections
import errno
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
LIBRARY = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
SECONDS = 120  # a hang; nothing takes as long, however busy the machine
FOREVER = 1 << 30

# Hooks that hand on a call of the program's: it may fail without us, too.
HANDED_ON = {"map", "munmap", "mremap", "madvise", "sigaltstack"}
Program = collections.namedtuple("Program", "words output lost")
# Of its two threads' blocks (77 bytes each) one may be missed.
FIRST = Program(["./injected", "./plugin.so"],
                ["child", "end", "plugin done", "threads done"],
                {("cycle", 80): 1, ("lost", 44): 1, ("lost", 154): 1,
                 ("lost", 55): 1})
HELD = Program(["./injected-held", "./injected-held"],
               ["end", "handled", "waited"],
               {("lost", 44): 1, ("lost", 45): 1})

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
    21: ("access", errno.EACCES), 25: ("mremap", errno.ENOMEM),
    27: ("mincore", errno.ENOSYS), 28: ("madvise", errno.EINVAL),
    32: ("dup", errno.EMFILE), 33: ("dup2", errno.EMFILE),
    35: ("nanosleep", errno.EINTR), 51: ("getsockname", errno.ENOBUFS),
    52: ("getpeername", errno.ENOBUFS), 55: ("getsockopt", errno.ENOBUFS),
    56: ("clone", errno.EAGAIN, errno.EPERM), 59: ("execve", errno.ENOMEM),
    61: ("wait4", errno.EINTR), 62: ("kill", errno.EPERM),
    72: ("fcntl", errno.EMFILE), 73: ("flock", errno.ENOLCK, errno.EINTR),
    77: ("ftruncate", errno.EIO), 79: ("getcwd", errno.ENOENT),
    87: ("unlink", errno.EACCES), 89: ("readlink", errno.EACCES),
    98: ("getrusage", errno.EPERM), 128: ("rt_sigtimedwait", errno.EAGAIN),
    129: ("rt_sigqueueinfo", errno.EAGAIN), 131: ("sigaltstack", errno.ENOMEM),
    157: ("prctl", errno.EINVAL),
    203: ("sched_setaffinity", errno.EPERM),
    204: ("sched_getaffinity", errno.EPERM), 217: ("getdents64", errno.ENOENT),
    228: ("clock_gettime", errno.EINVAL),
    230: ("clock_nanosleep", errno.EINTR), 234: ("tgkill", errno.EAGAIN),
    247: ("waitid", errno.EINTR), 257: ("openat", errno.EMFILE, errno.EACCES),
    262: ("newfstatat", errno.EACCES), 267: ("readlinkat", errno.EACCES),
    292: ("dup3", errno.EMFILE),
    297: ("rt_tgsigqueueinfo", errno.EAGAIN, errno.EPERM),
    302: ("prlimit64", errno.EPERM), 310: ("process_vm_readv", errno.EPERM),
    319: ("memfd_create", errno.EMFILE), 334: ("rseq", errno.EPERM),
    424: ("pidfd_send_signal", errno.EPERM),
    425: ("io_uring_setup", errno.EPERM), 434: ("pidfd_open", errno.EMFILE),
    436: ("close_range", errno.ENOSYS),
}

Try = collections.namedtuple("Try",
                             "program site number error skip times clean")


def build():
    for words in (["inject.c", "-o", "inject"],
                  ["injected.c", "-o", "injected", "-pthread", "-ldl"],
                  ["injected-held.c", "-o", "injected-held", "-pthread",
                   "-ldl"],
                  ["injected.c", "-o", "plugin.so", "-shared", "-fPIC",
                   "-DPLUGIN"]):
        subprocess.run([os.environ.get("CC", "gcc"), "-O1", "-g",
                        "-D_GNU_SOURCE", os.path.join(TOP, "tests", "outside", words[0]),
                        *words[1:]], check=True)


def start(program, options, clean):
    """status, output, errors, [(site, number, error)]"""
    words = ["./inject", "log", *options, "--", GORDIAN, "run",
             "--report=r.%p.jsonl", "--threshold=700", "--error-exitcode=9",
             *program.words] + (["clean"] if clean else [])
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


def judge(program, status, output, errors, clean, usual):
    """What is wrong, or None."""
    alarms = found()
    truth = {} if clean else program.lost
    if output != program.output:
        return "the program's output differs: %r" % output
    for what in alarms:
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


def no_more_memory(program, sites, everything):
    """Every mapping of ours from the nth on, wherever it is made."""
    n = sum(count for (_, number), count in sites.items() if number == MMAP)
    step = 1 if everything else max(n // 4, 1)
    for skip in range(0, n, step):
        for clean in (False, True):
            yield Try(program, None, MMAP, errno.ENOMEM, skip, FOREVER, clean)


def tries(program, sites, everything):
    for (site, number), count in sorted(sites.items()):
        if number not in ERRORS:
            continue
        _, *errors = ERRORS[number]
        if not everything:
            yield Try(program, site, number, errors[0], 0, 1, False)
            continue
        for error in errors:
            for clean in (False, True):
                for skip in range(min(count, 4)):
                    yield Try(program, site, number, error, skip, 1,
                              clean)
                if error != errno.EINTR:  # no call is interrupted for ever
                    yield Try(program, site, number, error, 0, FOREVER,
                              clean)


def functions(sites):
    """[the functions that make the call, innermost first] of each place."""
    if not sites or not shutil.which("addr2line"):
        return [[site] for site in sites]
    out = subprocess.run(["addr2line", "-a", "-s", "-f", "-i", "-e", LIBRARY,
                          *sites], stdout=subprocess.PIPE).stdout.decode()
    lines = [part.split("\n")[1:] for part in ("\n" + out).split("\n0x")[1:]]
    return [[name for name, line in zip(part[::2], part[1::2])
             if not line.startswith("sys.h")] for part in lines]


def place(site):
    """Where the source makes the call, for a person."""
    if not site:
        return "anywhere"
    return "%s (%s)" % (site, " < ".join(functions([site])[0][:3]))


def handed_on():
    """The places where a hook makes the program's own call."""
    if not shutil.which("objdump"):
        return []
    code = subprocess.run(["objdump", "-d", LIBRARY],
                          stdout=subprocess.PIPE).stdout.decode()
    sites = re.findall(r"\tsyscall *\n *([0-9a-f]+):", code)
    return [site for site, names in zip(sites, functions(sites))
            if HANDED_ON & set(names)]


def one(t, usual, spared):
    """What is wrong, or None."""
    options = ["--site=" + t.site if t.site else "--call=%d" % t.number,
               "--errno=%d" % t.error, "--skip=%d" % t.skip,
               "--times=%d" % t.times] + ["--spare=" + site for site in spared]
    try:
        status, output, errors, calls = start(t.program, options, t.clean)
    except subprocess.TimeoutExpired:
        return "hangs", True
    failed = any(error for _, _, error in calls)
    return judge(t.program, status, output, errors, t.clean, usual), failed


def census(program):
    """How often each place makes its call, and what is always said."""
    sites, usual = collections.Counter(), set()
    for clean in (False, True, False):
        status, output, errors, calls = start(program, [], clean)
        if status == 77:
            print("no seccomp filter that hands calls on to another program here")
            sys.exit(77)
        wrong = judge(program, status, output, errors, clean, set())
        assert not wrong, wrong + "\n" + errors
        assert found() == ({} if clean else program.lost), errors
        sites.update((site, number) for site, number, _ in calls)
        usual.update(re.sub(r"\d+", "N", line)
                     for line in errors.splitlines())
    return sites, usual


def plan(program, sites, only, everything):
    if only:
        sites = {key: n for key, n in sites.items() if key[0] in only}
    yield from tries(program, sites, everything)
    if not only and (everything or program is FIRST):
        yield from no_more_memory(program, sites, everything)


def try_all(program, sites, usual, only, everything):
    """How many calls failed, how many were wrong."""
    bad = reached = 0
    spared = handed_on()
    sites = {key: n for key, n in sites.items() if key[0] not in spared}
    for t in plan(program, sites, only, everything):
        wrong, failed = one(t, usual, spared)
        reached += failed
        if wrong:
            bad += 1
            print("FAIL %s %s %s skip %d times %d %s, %s: %s" % (
                program.words[0], ERRORS[t.number][0],
                errno.errorcode[t.error], t.skip, t.times,
                "clean" if t.clean else "leaky", place(t.site), wrong),
                flush=True)
    return reached, bad


def main():
    everything = "--all" in sys.argv[1:]
    only = [word[7:] for word in sys.argv[1:] if word.startswith("--only=")]
    bad = reached = 0
    known = set()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        build()
        for program in (FIRST, HELD):
            sites, usual = census(program)
            if not everything:  # the second: places that the first has not
                sites = {key: n for key, n in sites.items()
                         if key not in known}
            known.update(key for key in sites if key[1] in ERRORS)
            failed, wrong = try_all(program, sites, usual, only, everything)
            reached += failed
            bad += wrong
        os.chdir("/")
    print("%d calls failed at %d places, %d wrong" % (
        reached, len({site for site, _ in known}), bad))
    assert only or reached > 50, "the library makes more calls than that"
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
