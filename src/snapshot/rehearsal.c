/*
 * See rehearsal.h. The kernel tells how many filters there are, but not what
 * they say. So each call that a scan makes is tried, with arguments that do
 * nothing, in a child that is thrown away. If the child dies, that call is
 * taken for forbidden (sandbox.c).
 *
 * Making the child is the first such call, and cannot be tried. The child is
 * only made where something shows that so many filters allow one: the parent
 * has as many and has made this process; or there is no parent, as for the
 * first process in a container, whose filters answer by an errno.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "base/config.h"
#include "base/fd.h"
#include "base/large.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/sys.h"
#include "base/text.h"
#include "snapshot/rehearsal.h"

#define TEXT 4096
#define PATIENCE_NS 1000000000ull

/* The number behind a word that begins a line; `none` when there is none. */
static uint64_t field(const char *text, const char *word, uint64_t none)
{
	const char *at = proc_field(text, word);

	return *at ? proc_decimal(at) : none;
}

static bool read_status(const char *of, char *text)
{
	char path[64];
	struct text t = {path, sizeof path, 0};

	text_add(&t, of);
	text_add(&t, "/status");
	return fd_read_text(fd_open_proc(path, O_RDONLY), text, TEXT);
}

/* Linux before 5.9 does not tell their number. */
static uint64_t filters_in(const char *text)
{
	return field(text, "\nSeccomp_filters:\t",
		     field(text, "\nSeccomp:\t", 0) ? 1 : 0);
}

static bool may_have_child(const char *own, uint64_t filters)
{
	uint64_t parent = field(own, "\nPPid:\t", 1);
	char of[24], text[TEXT];
	struct text t = {of, sizeof of, 0};

	if (!parent)
		return true;
	text_number(&t, parent);
	return read_status(of, text) && filters_in(text) >= filters;
}

/* In the order in which they matter to the process that waits for the child.
 * Without addresses, as each process would have to relocate them. */
static const struct trial {
	long number, args[6];
} trials[] = {
	{SYS_wait4, {-1, 0, 1 << 30 | WNOHANG}},
	{SYS_getpid, {0}},
	{SYS_gettid, {0}},
	{SYS_openat, {-1, 0, O_RDONLY}},
	{SYS_read, {-1}},
	{SYS_write, {-1}},
	{SYS_close, {-1}},
	{SYS_fstat, {-1}},
	{SYS_mmap, {0, 0, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0}},
	{SYS_munmap, {0}},
	{SYS_mremap, {0}},
	{SYS_futex, {0, 129, 1}},
	{SYS_clock_gettime, {1}},
	{SYS_nanosleep, {0}},
	{SYS_rt_sigprocmask, {2, 0, 0, 8}},
	{SYS_rt_sigaction, {11, 0, 0, 8}},
	{SYS_rt_tgsigqueueinfo, {-1, -1, 0}},
	{SYS_tgkill, {-1, -1, 0}},
	{SYS_rt_sigpending, {0, 8}},
	{SYS_rt_sigtimedwait, {0, 0, 0, 0}},
	{SYS_sigaltstack, {0}},
	{SYS_getppid, {0}},
	{SYS_waitid, {P_PID, 1, 0, WEXITED | WNOHANG}},
	{SYS_getrusage, {-2}},
	{SYS_prlimit64, {0, 7}},
	{SYS_madvise, {0}},
	{SYS_mincore, {0}},
	{SYS_pread64, {-1}},
	{SYS_lseek, {-1}},
	{SYS_getdents64, {-1}},
	{SYS_readlinkat, {-1, 0}},
	{SYS_uname, {0}},
	{SYS_memfd_create, {0}},
	{SYS_ioctl, {-1}},
	{SYS_fcntl, {-1, F_GETFD}},
	{SYS_getsockopt, {-1}},
	{SYS_close_range, {~0u, ~0u}},
	{SYS_ftruncate, {-1}},
	{SYS_flock, {-1}},
	{SYS_sched_yield, {0}},
	{SYS_sched_getaffinity, {0}},
	{SYS_setitimer, {-1}},
	{SYS_prctl, {-1}},
	{SYS_timer_create, {-1}},
	{SYS_timer_settime, {-1}},
	{SYS_timer_delete, {-1}},
	{SYS_exit_group, {0}},
};
#define TRIALS ((uint32_t)(sizeof trials / sizeof *trials))

static void try_all(volatile uint32_t *at)
{
	const long *a;

	for (; *at < TRIALS; ++*at) {
		a = trials[*at].args;
		sys_raw6(trials[*at].number, a[0], a[1], a[2], a[3], a[4],
			 a[5]);
	}
	__builtin_trap();
}

/* The child's own wait4 comes first: nobody may wait for the child before that
 * has worked. */
static bool has_waited(const volatile uint32_t *at)
{
	uint64_t start = sys_now_ns();

	while (!*at && sys_now_ns() - start < PATIENCE_NS)
		;
	return *at;
}

/* Makes the trials from *at on. 0 when all were made; 1: that one was punished;
 * -errno. */
static int rehearse(volatile uint32_t *at)
{
	long self = sys(SYS_getpid), pid, got;
	int status = 0;

	pid = sys(SYS_clone, CLONE_UNTRACED, 0, 0, 0, 0);
	/* a filter may answer 0 without a child */
	if (!pid && sys_raw6(SYS_getpid, 0, 0, 0, 0, 0, 0) == self)
		return -ENOSYS;
	if (!pid)
		try_all(at);
	if (sys_failed(pid))
		return pid;
	if (!has_waited(at))
		return 1;
	do
		got = sys(SYS_wait4, pid, &status, 1 << 30 /* __WALL */, 0);
	while (got == -EINTR);
	return got == pid && !status && *at == TRIALS - 1 ? 0 : 1;
}

/* The name of the call that is forbidden; NULL: none; "": there is no child
 * just now, and the scan will say so itself. */
static const char *rehearse_all(void)
{
	long page = sys(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile uint32_t *at = (uint32_t *)page;
	int err;

	if (sys_failed(page))
		return "mmap";
	while ((err = rehearse(at)) == 1 && *at && *at < TRIALS - 1) {
		sandbox_learn(trials[*at].number);
		++*at;
	}
	if (err == 1)
		sandbox_learn(trials[*at].number);
	sys(SYS_munmap, page, 4096);
	if (err == -ENOSYS)
		return "clone";
	return err < 0 ? "" : sandbox_forbids(NULL);
}

const char *rehearsal_refuses(void)
{
	static char why[200] LARGE;
	struct text t = {why, sizeof why, 0};
	char own[TEXT];
	const char *forbidden;
	uint64_t filters;

	if (!read_status("self", own)) /* there are no other threads yet */
		return NULL;	       /* no scan is possible anyway */
	filters = filters_in(own);
	if (filters <= config.filters) {
		if (!config.told)
			config_know_filters(filters);
		return NULL;
	}
	if (!may_have_child(own, filters))
		return "no scan is possible: the program began with a seccomp "
		       "filter, and nothing shows that it allows a second "
		       "process";
	forbidden = rehearse_all();
	if (forbidden && !*forbidden)
		return NULL;
	if (!forbidden) {
		config_know_filters(filters);
		return NULL;
	}
	text_add(&t, "no scan is possible: the program began with a seccomp "
		     "filter that does not allow ");
	text_add(&t, forbidden);
	return why;
}

/* A program that is not tracked may have come in between and set a filter. So
 * the kernel is asked, too. Where filters may be expected it is not asked so,
 * since some punish prctl. But to read the status costs a process that has just
 * begun 40 us. */
static bool has_none(void)
{
	return config.told && !config.filters &&
	       !sys(SYS_prctl, PR_GET_SECCOMP, 0, 0, 0, 0);
}

const char *rehearsal_begin(void)
{
	return has_none() ? NULL : rehearsal_refuses();
}
