/* A program that confines itself: built once for each way, with -DCLOSE=…, and
 * with -DELSE=…, what is done to all calls but those that it makes itself. It
 * lives on; what it lost before is found, and the report says that no scan
 * could be made afterwards. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "victim.h"

#ifndef ELSE
#define ELSE SECCOMP_RET_KILL_PROCESS
#endif
#define ALLOW(n)                                      \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n, 0, 1), \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	ALLOW(SYS_brk),
	ALLOW(SYS_mmap),
	ALLOW(SYS_munmap),
	ALLOW(SYS_mremap),
	ALLOW(SYS_write),
	ALLOW(SYS_exit),
	ALLOW(SYS_exit_group),
	ALLOW(SYS_rt_sigreturn),
#ifdef THREADS
	ALLOW(SYS_read),
	ALLOW(SYS_futex),
	ALLOW(SYS_madvise),
	ALLOW(SYS_mprotect),
	ALLOW(SYS_rt_sigprocmask),
	ALLOW(SYS_rseq),
	ALLOW(SYS_clone3),
	ALLOW(SYS_set_robust_list),
	ALLOW(SYS_gettid),
#endif
	BPF_STMT(BPF_RET | BPF_K, ELSE)};
static struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
static void *kept[40000];
static bool strict;

static NOINLINE void lose(void)
{
	MALLOC(100);
}

/* Not told by the program's end: the filter's own victim. */
static void on_sigsys(int sig)
{
	USE(&sig);
	syscall(SYS_exit_group, 98);
}

static __attribute__((unused)) long by_prctl(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static __attribute__((unused)) long by_number(void)
{
	return syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
		       &program);
}

static __attribute__((unused)) long by_seccomp(void)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/* Not even exit_group is left then. */
static __attribute__((unused)) long strictly(void)
{
	strict = true;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
}

/* What the kernel refuses confines nobody. */
static __attribute__((unused)) long after_refusals(void)
{
	struct sock_fprog none = {1, NULL}, wild = {1, filter};

	if (!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) ||
	    !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &none) ||
	    !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &wild) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 8) != -1 ||
	    errno != EFAULT)
		return -1;
	return by_seccomp();
}

#ifdef THREADS
static int go[2];

static void *allocate(void *arg)
{
	char c;
	int i;

	if (read(go[0], &c, 1) != 1)
		return NULL;
	for (i = 0; i < 30000; i++)
		free(malloc(i));
	return arg;
}

/* For all threads at once: one of them is asleep in a call. */
static __attribute__((unused)) long in_all(void)
{
	pthread_t thread;
	long err;

	if (pipe(go) || pthread_create(&thread, NULL, allocate, NULL))
		return -1;
	err = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		      SECCOMP_FILTER_FLAG_TSYNC, &program);
	if (write(go[1], "", 1) != 1 || pthread_join(thread, NULL))
		return -1;
	return err;
}

static void *confine_this(void *arg)
{
	if (by_prctl())
		return NULL;
	free(malloc(100));
	return arg;
}

static __attribute__((unused)) long in_one(void)
{
	pthread_t thread;
	void *good = NULL;

	return pthread_create(&thread, NULL, confine_this, filter) ||
	       pthread_join(thread, &good) || !good;
}
#endif

/* Enough for any rule to ask for a scan, and for new pages of its records. */
static NOINLINE void work(void)
{
	size_t i, n = strict ? 1000 : sizeof kept / sizeof *kept;
	void *large;

	for (i = 0; i < n; i++)
		kept[i] = malloc(i % 90);
	for (i = 0; i < n; i += 2)
		free(kept[i]);
	if (strict)
		return;
	large = malloc(4 << 20);
	large = realloc(large, 16 << 20);
	free(large);
	large = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(large, 64 << 20);
}

int main(void)
{
	say("expect lost count=1 bytes=100 function=lose");
	say("warning is missing: no scan is possible any more");
	away(lose);
	signal(SIGSYS, on_sigsys);
	free(malloc(100000)); /* the heap grows */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 77;
	if (CLOSE)
		return 77;
	work();
	if (write(1, "done\n", 5) != 5)
		return 99;
	if (strict)
		syscall(SYS_exit, 5);
	return 5;
}
