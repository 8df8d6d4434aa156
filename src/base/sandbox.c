/*
 * See sandbox.h. Hooks take the program's filters (confine.c). Each system call
 * of ours then asks them first (sys.h). A call that they would punish is not
 * made: the caller sees ENOSYS.
 *
 * Filters only become stricter. So from some moment on scans are impossible for
 * good, and what is recorded after it is of no use.
 *
 * Any thread, any signal handler: the list is read without a lock.
 */
#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include "base/arena.h"
#include "base/filter.h"
#include "base/probe.h"
#include "base/sandbox.h"
#include "base/sys.h"

struct sandbox_filter {
	struct sandbox_filter *before;
	size_t bytes; /* of the mapping */
	uint32_t n;   /* 0: strict mode */
	struct sock_filter program[];
};

static struct sandbox_filter *filters; /* the newest first */
static bool closed;

/* The calls without which recording and scanning are impossible, with the
 * arguments that we give. All other calls may fail. */
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
#define HERE 4096 /* any address: one of ours would be relocated */
static const struct need {
	char name[24];
	long number, args[6];
} needs[] = {
	{"clone", SYS_clone, {CLONE_UNTRACED}},
	{"wait4", SYS_wait4, {1, 0, 1 << 30}},
	{"exit_group", SYS_exit_group, {0}},
	{"openat", SYS_openat, {-100, HERE, 02000000}},
	{"read", SYS_read, {3, HERE, 4096}},
	{"write", SYS_write, {3, HERE, 4096}},
	{"close", SYS_close, {3}},
	{"fstat", SYS_fstat, {3, HERE}},
	{"mmap", SYS_mmap, {0, 4096, 3, ANON, -1, 0}},
	{"munmap", SYS_munmap, {HERE, 4096}},
	{"mremap", SYS_mremap, {HERE, 4096, 8192, 1}},
	{"futex", SYS_futex, {HERE, 129, 1}},
	{"futex", SYS_futex, {HERE, 128, 1}},
	{"getpid", SYS_getpid, {0}},
	{"gettid", SYS_gettid, {0}},
	{"clock_gettime", SYS_clock_gettime, {1, HERE}},
	{"nanosleep", SYS_nanosleep, {HERE}},
	{"rt_sigprocmask", SYS_rt_sigprocmask, {2, HERE, 0, 8}},
	{"rt_sigaction", SYS_rt_sigaction, {11, HERE, 0, 8}},
	{"rt_sigreturn", SYS_rt_sigreturn, {0}},
	{"rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo, {1, 1, 61, HERE}},
};

static long confined_call(long n, long a, long b, long c, long d, long e,
			  long f);

static uint32_t ask_strict(long number)
{
	switch (number) {
	case SYS_read:
	case SYS_write:
	case SYS_exit:
	case SYS_rt_sigreturn:
		return SECCOMP_RET_ALLOW;
	}
	return SECCOMP_RET_KILL_PROCESS;
}

static uint32_t ask(const struct sandbox_filter *with, long number,
		    const long *args)
{
	const struct sandbox_filter *f = with;
	struct seccomp_data data = {
		.nr = number,
		.arch = AUDIT_ARCH_X86_64,
		.instruction_pointer = (uintptr_t)confined_call,
	};
	uint32_t verdict = SECCOMP_RET_ALLOW;

	memcpy(data.args, args, sizeof data.args);
	if (!f)
		f = __atomic_load_n(&filters, __ATOMIC_ACQUIRE);
	for (; f; f = f == with ? __atomic_load_n(&filters, __ATOMIC_ACQUIRE)
				: f->before)
		verdict = filter_stricter(
			verdict, f->n ? filter_run(f->program, f->n, &data)
				      : ask_strict(number));
	return verdict;
}

static bool is_allowed(uint32_t verdict)
{
	uint32_t action = verdict & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

bool sandbox_allows(const struct sandbox_filter *with, long number,
		    const long *args)
{
	return is_allowed(ask(with, number, args));
}

const char *sandbox_forbids(const struct sandbox_filter *with)
{
	size_t i;

	for (i = 0; i < sizeof needs / sizeof *needs; i++)
		if (!sandbox_allows(with, needs[i].number, needs[i].args))
			return needs[i].name;
	return NULL;
}

/* An errno of 0 would look like success: a clone that gives 0 is the child. */
static long confined_call(long n, long a, long b, long c, long d, long e,
			  long f)
{
	const long args[6] = {a, b, c, d, e, f};
	uint32_t verdict = ask(NULL, n, args);
	long error = verdict & SECCOMP_RET_DATA;

	if (is_allowed(verdict))
		return sys_raw6(n, a, b, c, d, e, f);
	if ((verdict & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO && error &&
	    error < 4096)
		return -error;
	return -ENOSYS;
}

static struct sandbox_filter *make(uint32_t n)
{
	size_t bytes =
		sizeof(struct sandbox_filter) + n * sizeof(struct sock_filter);
	struct sandbox_filter *filter = arena_map(bytes);

	if (filter) {
		filter->bytes = bytes;
		filter->n = n;
	}
	return filter;
}

struct sandbox_filter *sandbox_strict(void)
{
	return make(0);
}

static bool is_readable(uintptr_t low, size_t bytes)
{
	uintptr_t at;

	if (low < 4096 || low > UINTPTR_MAX - bytes)
		return false;
	for (at = low; at < low + bytes; at = (at & -4096ul) + 4096)
		if (!probe_readable(at))
			return false;
	return probe_readable(low + bytes - 1);
}

struct sandbox_filter *sandbox_copy(const struct sock_fprog *given)
{
	struct sandbox_filter *filter;
	struct sock_fprog program;

	if (!is_readable((uintptr_t)given, sizeof *given))
		return NULL;
	program = *given;
	if (!program.len || program.len > BPF_MAXINSNS ||
	    !is_readable((uintptr_t)program.filter,
			 program.len * sizeof *program.filter))
		return NULL;
	filter = make(program.len);
	if (!filter) /* no memory: assume the worst */
		return make(0);
	memcpy(filter->program, program.filter,
	       program.len * sizeof *program.filter);
	if (filter_is_valid(filter->program, filter->n))
		return filter;
	arena_unmap(filter, filter->bytes);
	return NULL;
}

void sandbox_push(struct sandbox_filter *filter)
{
	filter->before = filters;
	__atomic_store_n(&filters, filter, __ATOMIC_RELEASE);
	__atomic_store_n(&sys_gate, confined_call, __ATOMIC_SEQ_CST);
}

/* The memory stays: another thread may be reading it. */
void sandbox_pop(void)
{
	__atomic_store_n(&filters, filters->before, __ATOMIC_RELEASE);
	if (!filters)
		__atomic_store_n(&sys_gate, NULL, __ATOMIC_SEQ_CST);
}

void sandbox_learn(long number)
{
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const uint32_t n = sizeof program / sizeof *program;
	struct sandbox_filter *filter = make(n);

	if (!filter)
		filter = make(0);
	if (!filter)
		return;
	if (filter->n)
		memcpy(filter->program, program, sizeof program);
	sandbox_push(filter);
}

void sandbox_close(bool now)
{
	__atomic_store_n(&closed, now, __ATOMIC_RELEASE);
}

bool sandbox_is_closed(void)
{
	return __atomic_load_n(&closed, __ATOMIC_ACQUIRE);
}
