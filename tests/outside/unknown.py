#!/usr/bin/env python3
"""What is not known gives 125, and is named.

GORDIAN names the command, libgordian.so lies beside it. One line a check;
fails when one does."""
import os
import shutil
import signal
import sys

from common import LIBRARY, wait_until
from outside import GORDIAN, Skip, check, compiled, main, preloaded, run, start


@check
def programs_that_cannot_be_seen():
    static = compiled("static", "int main(void) { return 0; }", "-static")
    code, err = run(static)
    assert code == 125 and "statically linked" in err, (code, err)
    for words in (static + "; :", "exec " + static):
        code, err = run("sh", "-c", words)
        assert code == 125, (words, code, err)
        assert f"'{static}'" in err and "statically linked" in err, err
        assert "nothing leaked" not in err, err
    assert run("sh", "-c", static + "; exit 3")[0] == 3
    assert run("sh", "-c", "no-such-program; true; true | true")[0] == 0


@check
def a_malloc_that_stands_before_ours():
    own = compiled("own", """
#include <stddef.h>
static char area[1 << 20];
static size_t used;
void *malloc(size_t n) {
	void *p = area + used;
	used += n + 15 & -16ul;
	return p;
}
void *calloc(size_t n, size_t m) { return malloc(n * m); }
void *realloc(void *p, size_t n) {
	char *volatile q = malloc(n);
	for (size_t i = 0; p && i < n; i++)
		q[i] = ((char *)p)[i];
	return q;
}
void free(void *p) {}
int main(void) { return !malloc(100); }""", "-fno-builtin")
    code, err = run(own)
    assert code == 125 and "malloc of its own" in err, (code, err)
    assert "nothing leaked" not in err, err
    code, _, err = preloaded(own)
    assert code == 0 and err.count("malloc of its own") == 1, (code, err)
    code, err = run(compiled("none", "int main(void) { return 0; }"))
    assert code == 0 and "nothing leaked" in err, (code, err)
    large = compiled("large", """
#include <string.h>
static char area[8 << 20];
int main(void) { memset(area, 1, sizeof area); return !area[9]; }""", "-O0")
    code, err = run(large)
    assert code == 0 and "nothing leaked" in err, (code, err)


CHECKED = """
#include <stdlib.h>
#include <unistd.h>
int __lsan_do_recoverable_leak_check(void);
void __lsan_do_leak_check(void), __lsan_disable(void), __lsan_enable(void);
static void *volatile p;
static char *volatile room;
__attribute__((noinline)) static void lose(int n) { p = malloc(n); p = 0; }
__attribute__((noinline)) static void wipe(void)
{
	char volatile under[4096];
	for (int i = 0; i < 4096; i++)
		under[i] = 0;
}
int main(int argc, char **argv) {
	__lsan_disable();
	lose(55);
	__lsan_enable();
	wipe();
	if (__lsan_do_recoverable_leak_check())
		return 3;
	if (argc > 1)
		lose(77);
	wipe();
	write(1, "out", 3);
	__lsan_do_leak_check();
	return 4;
}"""


def checkers():
    """the ways to link a checker; what cannot be linked here is left out"""
    for compiler in "gcc", "clang":
        for kind in "leak", "address":
            for flags in [], ["-shared-libsan"]:
                if flags and (compiler, kind) != ("clang", "address"):
                    continue
                try:
                    yield compiled("checked", CHECKED, "-O0",
                                   "-fsanitize=" + kind, *flags,
                                   *runtime(compiler, flags),
                                   compiler=compiler)
                except Skip:
                    print("# no", compiler, kind, *flags)


def runtime(compiler, flags):
    """where the loader finds clang's"""
    if not flags or not shutil.which(compiler):
        return []
    name = start(compiler, "-print-file-name=libclang_rt.asan-x86_64.so")[1]
    return ["-Wl,-rpath," + os.path.dirname(name.decode().strip())]


@check
def checkers_that_programs_bring():
    tried = 0
    os.environ.update(ASAN_OPTIONS="symbolize=0", LSAN_OPTIONS="symbolize=0")
    for path in checkers():
        code, out, err = start(path, "x")
        for done in (start(GORDIAN, "run", "--report=x.jsonl", "--", path, "x"),
                     preloaded(path, "x")):
            assert done[:2] == (code, out), (code, done)
            assert "leak checker of its own" in done[2], done
            assert done[2].count("SUMMARY") == err.count("SUMMARY"), done
        done = preloaded("sh", "-c", path + "; exit $?")
        assert done[:2] == start(path)[:2], done
        tried += 1
    if not tried:
        raise Skip("no compiler has a sanitizer's library")


@check
def children_that_are_killed():
    killed = compiled("killed", """
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
int main(int argc, char **argv) {
	void *volatile p = malloc(argc);
	free(p);
	if (!fork()) {
		raise(argc > 1 ? SIGKILL : SIGCONT);
		_exit(0);
	}
	wait(NULL);
	return 0;
}""")
    code, err = run(killed, "x")
    assert code == 125 and "killed before its last scan" in err, (code, err)
    code, err = run(killed)
    assert code == 0 and "nothing leaked" in err, (code, err)


@check
def children_that_are_killed_before_they_begin():
    code, err = run(compiled("early", """
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
	pid_t child = fork();
	if (!child)
		pause();
	kill(child, SIGKILL);
	return waitpid(child, 0, 0) != child;
}"""))
    assert code == 125 and "was killed before" in err, (code, err)


@check
def copies_that_no_hook_sees():
    """Made by an instruction of their own; those by libc's are followed."""
    copied = compiled("copied", """
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static long copy(void) {
	long r = SYS_fork;
	__asm__ volatile("syscall" : "+a"(r) : : "rcx", "r11", "memory");
	return r;
}
int main(int argc, char **argv) {
	char *words[] = {"true", NULL};
	long child = strcmp(argv[1], "unseen") ? _Fork() : copy();
	if (!child && argc > 2)
		execv("/bin/true", words);
	if (!child)
		_exit(!malloc(9));
	return waitpid(child, 0, 0) != child;
}""", "-D_GNU_SOURCE")
    for words, status in (("unseen", 125), ("unseen exec", 0), ("seen", 9),
                          ("seen exec", 0)):
        code, err = run(copied, *words.split())
        assert code == status, (words, code, err)
        assert ("made without libc" in err) == (code == 125), (words, err)


@check
def children_that_can_open_nothing():
    """Descriptor 2 is the program's: PROGRAM's report tells of them."""
    closed = compiled("closed", """
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
static struct sock_fprog program = {4, filter};
int main(int argc, char **argv) {
	pid_t child = fork();
	if (!child) {
		if (mkdir("empty", 0700) || chroot("empty") || chdir("/") ||
		    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
			return 77;
		return !malloc(9);
	}
	int status = 1;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}""")
    code, err = run(closed)
    if code == 77:
        raise Skip("no root of one's own, or no filters")
    assert code == 125 and "cannot write its report" in err, (code, err)
    assert "cannot write the report" not in err, err


@check
def programs_without_proc():
    lost = compiled("lost", """
#include <stdlib.h>
int main(void) {
	void *volatile lost = malloc(100);
	lost = 0;
	return 0;
}""", "-O0")
    words = ("mount -t tmpfs none /proc || exit 77; "
             f"exec env LD_PRELOAD='{LIBRARY}' "
             f"GORDIAN_OPTIONS=report=$PWD/own.jsonl {lost}")
    code, _, err = start("unshare", "-m", "sh", "-c", words)
    if code:
        raise Skip("no mount of one's own")
    assert "no leak" not in err and "nothing leaked" not in err, err
    code, out, err = start(GORDIAN, "report", "own.jsonl")
    text = out.decode() + err
    assert lost in text and "''" not in text, (code, text)
    code, _, err = start("unshare", "-m", "sh", "-c", (
        "mount -t tmpfs none /proc || exit 77; "
        f"exec '{GORDIAN}' run --error-exitcode=9 --report=x.jsonl {lost}"))
    assert code == 125 and "nothing leaked" not in err, (code, err)
    assert "unknown" in err, err


@check
def processes_in_the_background():
    code, err = run("sh", "-c", "sleep 600 >/dev/null 2>&1 & "
                    "echo pid $! >pid")
    pid = open("pid").read().split()[1]
    assert code == 125 and pid in err and "background" in err, (code, err)
    os.kill(int(pid), signal.SIGKILL)


@check
def helpers_that_end_after_the_program():
    """They are given a moment. A busy machine may need more than that."""
    assert any(run("sh", "-c", "sleep 0.1 & exit 0")[0] == 0
               for _ in range(3))


@check
def processes_that_daemon_leaves():
    code, err = run(compiled("leaves", """
#include <stdio.h>
#include <unistd.h>
int main(void) {
	FILE *file;
	if (daemon(1, 0))
		return 1;
	file = fopen("pid.new", "w");
	fprintf(file, "%d", getpid());
	fclose(file);
	rename("pid.new", "pid");
	sleep(600);
	return 0;
}"""))
    wait_until(lambda: os.path.exists("pid"))
    pid = open("pid").read()
    os.kill(int(pid), signal.SIGKILL)
    assert code == 125 and "nothing leaked" not in err, (code, err)
    assert f"'leaves' (pid {pid}) went into the background" in err, err
    assert "its own allocator" not in err, err


@check
def pipes_that_are_closed_early():
    code, out, err = start(GORDIAN, "run", "--error-exitcode=9",
                           "--report=x.jsonl", "bash", "-c",
                           "yes | head -n 1; echo ${PIPESTATUS[0]}")
    assert (code, out) == (0, b"y\n141\n"), (code, out, err)
    assert "nothing leaked" in err and "unknown" not in err, err
    code, err = run("bash", "-c", "kill -USR1 $$")
    assert code == 138 and "SIGUSR1" in err, (code, err)


@check
def the_signal_of_a_crash_is_named():
    code, err = run("sh", "-c", "kill -SEGV $$")
    assert code == 139 and "SIGSEGV" in err, (code, err)
    assert "nothing leaked" not in err, err


@check
def a_scan_that_is_given_up():
    many = compiled("many", """
#include <stdlib.h>
static void **volatile keep;
int main(void) {
	keep = malloc(300000 * sizeof *keep);
	for (int i = 0; i < 300000; i++)
		keep[i] = malloc(32);
	return 0;
}""")
    code, _, err = start(GORDIAN, "run", "--memory=1", "--report=x.jsonl",
                         "--error-exitcode=1", "--quiet", "--format=none",
                         many)
    assert code == 125 and err.count("\n") == 1, (code, err)
    assert "last scan" in err, err


if __name__ == "__main__":
    sys.exit(main())
