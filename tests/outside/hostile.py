#!/usr/bin/env python3
"""What others leave in the way, and what wrong use does.

GORDIAN names the command, libgordian.so lies beside it. One line a check;
fails when one does."""
import fcntl
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

from common import as_other, BUILT, wait_until
from outside import (GORDIAN, SECONDS, TOP, Skip, check, compiled, environment,
                     main, preloaded, run, start)


# What lies where the report is to be.

@check
def what_is_no_report_is_kept():
    with open("x.jsonl", "w") as file:
        file.write("precious\n")
    code, err = run("true")
    assert code == 125 and "no report" in err, (code, err)
    code, _, err = preloaded("true")
    assert code == 0 and "no report" in err, (code, err)
    assert open("x.jsonl").read() == "precious\n"


@check
def links_where_others_may_make_them():
    os.mkdir("open")
    os.chmod("open", 0o1777)
    open("precious", "w").close()
    os.symlink("../precious", "open/x.jsonl")
    code, _, err = start(GORDIAN, "run", "--report=open/x.jsonl", "true")
    assert code == 125 and "link" in err, (code, err)
    preloaded("true", options="report=open/x.jsonl")
    assert os.path.getsize("precious") == 0


@check
def a_report_is_its_owners():
    run("true")
    assert os.stat("x.jsonl").st_mode & 0o777 == 0o600


@check
def locks_of_others():
    run("true")
    with open("x.jsonl") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        code, err = run("true")
        assert code == 0, (code, err)
        code, _, err = preloaded("true")
    assert b'"end"' in open("x.jsonl", "rb").read()


@check
def pipes_that_nobody_reads():
    os.mkfifo("x.jsonl")
    reader = os.open("x.jsonl", os.O_RDONLY | os.O_NONBLOCK)
    fill = os.open("x.jsonl", os.O_WRONLY | os.O_NONBLOCK)
    try:
        while True:
            os.write(fill, b"x" * 4096)
    except BlockingIOError:
        pass
    code, err = run("sh", "-c", "exit 4")
    assert code == 4 and "does not read" in err, (code, err)
    os.close(fill)
    os.close(reader)


@check
def holes_of_others():
    with open("gordian.evil.jsonl", "w") as file:
        file.write("{")
        file.truncate(1 << 40)
    code, _, err = start(
        GORDIAN, "run", "--error-exitcode=9", "true",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS,
                                              (3 << 30, 3 << 30)))
    assert code == 0, (code, err)


@check
def pipes_of_others_among_reports():
    if os.getuid():
        raise Skip("not root")
    os.mkfifo("pipe.jsonl")
    os.chown("pipe.jsonl", 1, 1)
    run("true")
    code, out, err = start(GORDIAN, "report", "pipe.jsonl", "x.jsonl")
    assert code == 1 and "another user" in err, (code, err)
    code, _, err = start("sh", "-c", f"cat x.jsonl | '{GORDIAN}' report "
                         "/dev/fd/0")
    assert code == 0, (code, err)


# Who obeys whom.

@check
def privileged_programs_obey_nobody():
    if os.getuid():
        raise Skip("not root")
    shutil.copy(BUILT, "libgordian.so")
    compiled("plain", """
#include <stdlib.h>
#include <unistd.h>
int main(void) {
	void *volatile p = malloc(5000);
	p = 0;
	setuid(geteuid());
	execl("/bin/sh", "sh", "-c", "echo $(id -u) $GORDIAN_OPTIONS", NULL);
	return 1;
}""", "-O1", "-Wl,--no-as-needed", "./libgordian.so",
             "-Wl,-rpath," + os.getcwd())
    os.chmod(".", 0o777)
    shutil.copy("plain", "privileged")
    os.chmod("privileged", 0o4755)
    done = {}
    for name in "plain", "privileged":
        done[name] = subprocess.run(
            ["./" + name], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"GORDIAN_OPTIONS": "report=%n.jsonl:bad", "PATH": "/bin"},
            preexec_fn=lambda: (os.setgroups([]), os.setgid(65534),
                                os.setuid(65534)))
    if done["privileged"].stdout.split()[0] != b"0":
        raise Skip("set-user-ID programs have no effect here")
    assert done["privileged"].stdout == b"0\n", done
    assert done["privileged"].stderr == b"", done
    assert not os.path.exists("privileged.jsonl")
    assert b"report=" in done["plain"].stdout, done
    assert os.path.exists("plain.jsonl"), os.listdir(".")


# What reports say reaches no terminal as it is.

PROGRAM = {"t": "program", "format": "gordian-lines/1", "run": "x", "pid": 1,
           "argv": ["a"], "exe": "/a"}


def write(*records):
    with open("r.jsonl", "w") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")


@check
def messages_are_filtered():
    bad = "\x1b]0;x\x07\u009b31m\u202e\u2066\u200f\u061c\x7f"
    control = set("\x1b\x07\u009b\u202e\u2066\u200f\u061c\x7f")
    write(dict(PROGRAM, format=bad))
    _, _, err = start(GORDIAN, "report", "r.jsonl")
    assert "cannot read" in err and not control & set(err), err
    _, _, err = start(GORDIAN, "report", "no" + bad)
    assert "cannot open" in err and not control & set(err), err
    _, _, err = start(GORDIAN, "report", b"\xff\x9b")
    assert "\ufffd" not in err, err
    write(dict(PROGRAM, argv=["./" + bad]), {"t": "warning", "text": bad})
    for form in ("text", "json"):
        _, out, err = start(GORDIAN, "report", "--format=" + form, "r.jsonl")
        assert not control & set(out.decode()), out


def cost_of(**more):
    write(PROGRAM, dict({"t": "finding", "scan": 1, "id": "1",
                         "kind": "cycle", "count": 1, "bytes": 1}, **more))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start(GORDIAN, "report", "r.jsonl")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime


def cost_of_nested(n):
    return cost_of(nested=["%x" % i for i in range(n)])


# What counts for a shared_ptr.
CONTROL = "St23_Sp_counted_ptr_inplaceI1AE"


def cost_of_edges(n):
    """Shared pointers round and round, a word of each into the next."""
    return cost_of(
        members=[{"size": 16 * n, "rtti": CONTROL, "in": n, "counts": [8, 12],
                  "values": [1, 1]} for i in range(3)],
        edges=[{"from": i // 2 % 3, "to": (i // 2 + 1) % 3, "offset": 8 * i,
                "into": 16 * (i % 2 == 0),
                "kind": "strong" if i % 2 else "interior"}
               for i in range(n)])


@check
def reports_are_read_in_linear_time():
    assert cost_of_edges(40000) < 8 * max(cost_of_edges(10000), 0.05)
    assert cost_of_nested(80000) < 8 * max(cost_of_nested(20000), 0.05)


@check
def deep_records_need_no_stack():
    write(PROGRAM, {"t": "warning", "text": "seen"})
    with open("r.jsonl", "a") as file:
        file.write('{"t":"finding","id":' + "[" * 1900 + "]" * 1900 + "}\n")
    code, out, err = start(
        GORDIAN, "report", "r.jsonl",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK,
                                              (128 << 10, 128 << 10)))
    assert code == 1 and "line 3" in err and b"seen" in out, (code, err)


# Macros and functions of the header.

@check
def wrong_sizes_hold_up_nothing():
    code, err = run(compiled("wrong", """
#include <stdlib.h>
#include <gordian.h>
static char *volatile p;
int main(void) {
	int i;
	p = malloc(4096);
	for (i = 13; i < 64; i++)
		GORDIAN_POOL_ALLOC(p, p + 128, 1ul << i);
	GORDIAN_ROOT(p, 1ul << 46);
	GORDIAN_ROOT(p, ~0ul);
	return gordian_check() < 0;
}"""))
    assert code == 0 and "larger than the memory" in err, (code, err)
    assert "a root that reaches" in err, err


@check
def calls_from_callbacks():
    code, err = run(compiled("back", """
#include <stdlib.h>
#include <gordian.h>
static int bad;
static void told(const struct gordian_news *news, void *data) {
	bad |= gordian_check() != -1 || gordian_collect() != -1 ||
	       gordian_set_callback(NULL, NULL) != -1;
}
int main(void) {
	void *volatile p = malloc(9);
	free(p);
	if (gordian_set_callback(told, NULL) || gordian_check() < 0)
		return 2;
	return bad;
}"""))
    assert code == 0, (code, err)


@check
def assertions_see_the_line_above():
    def found(code, err):
        # in abort()'s frames may be old words, which the last scan reads
        return "new leak" in err and code in (9, 134)

    for level in ("-O0", "-O1", "-O2"):
        code, err = run(compiled("assert", """
#include <stdlib.h>
#include <gordian.h>
struct n { struct n *o; char pad[40]; };
static void *volatile keep;
static void leak(void) {
	struct n *a = malloc(sizeof *a), *b = malloc(sizeof *b);
	a->o = b;
	b->o = a;
	keep = a;
	keep = 0;
}
int main(void) {
	GORDIAN_ASSERT_NO_NEW_LEAKS();
	leak();
	GORDIAN_ASSERT_NO_NEW_LEAKS();
	return 0;
}""", level))
        assert found(code, err), (level, code, err)
        # six words that live across calls: one in each register there is
        code, err = run(compiled("registers", """
#include <stdlib.h>
#include <gordian.h>
#define USED(p) __asm__ volatile("" : : "r"(p) : "memory")
int main(void) {
	void **a = malloc(8), **b = malloc(8), **c = malloc(8);
	void **d = malloc(8), **e = malloc(8), **f = malloc(8);
	*a = b, *b = c, *c = d, *d = e, *e = f, *f = a;
	USED(a); USED(b); USED(c); USED(d); USED(e); USED(f);
	a = b = c = d = e = f = 0;
	USED(a); USED(b); USED(c); USED(d); USED(e); USED(f);
	GORDIAN_ASSERT_NO_NEW_LEAKS();
	return 0;
}""", level))
        assert found(code, err), (level, code, err)


@check
def signals_are_served_while_a_scan_is_awaited():
    code, err = run(compiled("served", """
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <gordian.h>
#define WALL 0x40000000
static void **volatile keep;
static sigjmp_buf back;
static volatile int mode, met;
static void tick(int sig) {
	siginfo_t info;
	memset(&info, 0, sizeof info);
	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | WALL) ||
	    info.si_pid)
		return; /* no scan is at work */
	if (mode == 1 && !met++)
		siglongjmp(back, 1);
	if (mode == 2 && !met++ && gordian_check() < 0)
		abort();
	if (mode == 3)
		exit(0);
}
int main(void) {
	struct itimerval often = {{0, 2000}, {0, 2000}};
	keep = malloc(400000 * sizeof *keep);
	for (int i = 0; i < 400000; i++)
		keep[i] = malloc(32);
	signal(SIGALRM, tick);
	setitimer(ITIMER_REAL, &often, NULL);
	for (mode = 1; mode < 4; mode++, met = 0)
		for (int i = 0; i < 50 && !met; i++)
			if (!sigsetjmp(back, 1) && gordian_check() < 0)
				return 2;
	return 3; /* no handler ran during a scan */
}"""))
    assert code == 0 and "nothing leaked" in err, (code, err)


# The command.

@check
def processes_that_are_stopped():
    sleeper = subprocess.Popen([GORDIAN, "run", "--report=x.jsonl", "sleep",
                                "50"], env=environment(),
                               stderr=subprocess.DEVNULL)
    until = time.monotonic() + SECONDS
    children = f"/proc/{sleeper.pid}/task/{sleeper.pid}/children"
    while not (os.path.exists("x.jsonl") and os.path.getsize("x.jsonl")):
        assert time.monotonic() < until
        time.sleep(0.01)
    pid = int(open(children).read().split()[0])
    os.kill(pid, signal.SIGSTOP)
    while open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] \
            != "T":
        time.sleep(0.01)
    began = time.monotonic()
    code, _, err = start(GORDIAN, "check", str(pid))
    os.kill(pid, signal.SIGKILL)
    sleeper.wait()
    assert code == 1 and "is stopped" in err, (code, err)
    assert time.monotonic() - began < 50  # it waits for 60


ABOUT = (1 << 47) - 1  # GORDIAN_ABOUT in src/base/request.h
PRETENDER = """
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static volatile unsigned long asked;
static void on(int sig, siginfo_t *info, void *context) {
	asked = (unsigned long)info->si_value.sival_ptr | 1ul << 63;
}
static void flood(int fd) {
	for (long i = 1; i < 2048; i++)
		pwrite(fd, "\\n", 1, i << 20);
}
int main(int argc, char **argv) {
	int fd = open("planted", O_RDWR | O_CREAT | O_TRUNC, 0600);
	dprintf(fd, "{\\"t\\":\\"program\\",\\"format\\":\\"gordian-lines/1\\","
		"\\"run\\":\\"x\\",\\"pid\\":%d,\\"argv\\":[\\"hp\\"],"
		"\\"exe\\":\\"/x\\"}\\n", getpid());
	mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	sigaction(SIGRTMAX - 3, &(struct sigaction){
		.sa_sigaction = on, .sa_flags = SA_SIGINFO}, NULL);
	write(1, "ready", 5);
	while (!asked)
		pause();
	if (!strcmp(argv[1], "sparse"))
		ftruncate(fd, 1ul << 40);
	else if (!strcmp(argv[1], "flood"))
		flood(fd);
	else if (argc > 2)
		dprintf(fd, argv[1], asked & strtoul(argv[2], NULL, 16));
	else
		write(fd, argv[1], strlen(argv[1]));
	sleep(100);
	return 0;
}"""


@check
def processes_that_pretend_to_be_tracked():
    """Their answers drive no terminal, take no memory, and have an end. What
    they leave out is no success."""
    pretender = compiled("pretender", PRETENDER)
    drives = '{"t":"warning","scan":1,"text":"\\u001b[2J\\u0007password:"}\n'
    lacks = '{"t":"scan","n":1,"trigger":"request","findings":1}\n'
    for answer, said in ((drives, "password"), ("sparse", "damaged"),
                         (lacks, "line of scan 1"), ("flood", "damaged")):
        other = subprocess.Popen([pretender, answer], stdout=subprocess.PIPE)
        try:
            assert other.stdout.read(5) == b"ready"
            code, out, err = start(
                GORDIAN, "check", str(other.pid),
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_DATA, (256 << 20, 256 << 20)))
            assert code == 1 and said in err, (answer, code, err)
            assert not set("\x1b\x07") & set(err + out.decode()), err
        finally:
            other.kill()
            other.communicate()


@check
def processes_that_name_files_of_ours():
    """For an image of the heap, which is removed once it is open."""
    pretender = compiled("pretender", PRETENDER)
    open("precious", "w").write("kept")
    answer = ('{"t":"heap","about":"%lx","file":"'
              + os.path.abspath("precious") + '"}\n{"t":"answered"}\n')
    other = subprocess.Popen([pretender, answer, f"{ABOUT:x}"],
                             stdout=subprocess.PIPE)
    try:
        assert other.stdout.read(5) == b"ready"
        code, _, err = start(GORDIAN, "snapshot", str(other.pid), "-o", "out")
    finally:
        other.kill()
        other.communicate()
    assert code == 1 and "precious" in err, (code, err)
    assert open("precious").read() == "kept"


@check
def processes_of_another_user():
    """Are said to be so, and not disturbed."""
    as_other()
    shutil.copy(GORDIAN, "gordian")
    os.chmod(".", 0o755)
    sleeper = subprocess.Popen(["setpriv", "--reuid=65533", "--clear-groups",
                                "sleep", "1000"])
    try:
        wait_until(lambda: os.stat(f"/proc/{sleeper.pid}").st_uid == 65533)
        code, _, err = start(*as_other("./gordian", "check",
                                       str(sleeper.pid)))
        assert code == 1 and "belongs to another user (65533)" in err, err
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


@check
def what_cannot_be_printed_fails():
    write(PROGRAM, {"t": "scan", "n": 1, "trigger": "exit"})
    code, _, err = start("sh", "-c", f"'{GORDIAN}' report r.jsonl >&-")
    assert code == 1 and "cannot write" in err, (code, err)
    code, _, err = start("sh", "-c", f"'{GORDIAN}' --help >&-")
    assert code == 1, (code, err)


@check
def patterns_have_two_letters():
    for pattern in ("%q", "x%", "%%p"):
        code, _, err = start(GORDIAN, "run", "--report=" + pattern, "true")
        assert code == 125 and "%p and %n" in err, (pattern, code, err)


if __name__ == "__main__":
    sys.exit(main())
