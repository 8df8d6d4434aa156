/*
 * See fault.h.
 */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "base/likely.h"
#include "base/list.h"
#include "base/sys.h"
#include "heap/range.h"
#include "process/real.h"
#include "scan/fault.h"

#define PAGE 4096ul
#define HUGE (2ul << 20)
#ifndef MADV_GUARD_REMOVE
#define MADV_GUARD_REMOVE 103 /* Linux 6.13 */
#endif
/* Of a page fault, as x86 numbers its traps and tells of them. */
#define TRAP_PAGE 14
#define ERROR_WRITE 2

volatile uintptr_t fault_low, fault_high;
bool fault_skips;
static struct list skipped; /* struct range */
static struct fault *told;

static bool put_zeros(uintptr_t at, size_t page)
{
	return !sys_failed(sys(SYS_mmap, at & -page, page,
			       PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

/* A guard in memory that is sealed cannot be replaced, but taken away. */
static bool take_guard(uintptr_t at, size_t page)
{
	return !sys_failed(
		sys(SYS_madvise, at & -page, page, MADV_GUARD_REMOVE));
}

static bool is_read(uintptr_t at, size_t page)
{
	return (at | (page - 1)) >= fault_low && (at & -page) < fault_high;
}

static void tell(int signal, const siginfo_t *info, const ucontext_t *uc)
{
	const greg_t *regs = uc->uc_mcontext.gregs;

	told->signal = signal;
	if (info->si_code <= 0)
		return;
	told->code = regs[REG_RIP];
	if (regs[REG_TRAPNO] != TRAP_PAGE)
		return;
	told->address = (uintptr_t)info->si_addr;
	told->how = regs[REG_ERR] & ERROR_WRITE ? FAULT_WRITE : FAULT_READ;
}

/* Maps a page. The instruction that faulted is then tried again. */
static void handle(int signal, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;
	size_t page = getauxval(AT_PAGESZ);

	if ((signal == SIGSEGV || signal == SIGBUS) && info->si_code > 0 &&
	    is_read(at, page) &&
	    (put_zeros(at, page) || put_zeros(at, HUGE) ||
	     take_guard(at, page)))
		return;
	if (told)
		tell(signal, info, context);
	sys(SYS_exit_group, FAULT_STATUS);
}

void fault_survive(struct fault *shared)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER};
	uint64_t mask = 0;
	unsigned i;

	told = shared;
	action.sa_sigaction = handle;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < sizeof signals / sizeof *signals; i++) {
		real.sigaction(signals[i], &action, NULL);
		mask |= 1ull << (signals[i] - 1);
	}
	sys(SYS_rt_sigprocmask, SIG_UNBLOCK, &mask, 0, 8);
}

void fault_run(uintptr_t low, uintptr_t high, fault_run_fn *run, void *data)
{
	uintptr_t outer_low = fault_low, outer_high = fault_high;

	fault_low = low;
	fault_high = high;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	run(low, high, data);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	fault_low = outer_low;
	fault_high = outer_high;
}

bool fault_skip(uintptr_t low, uintptr_t high)
{
	struct range range = {low, high};

	fault_skips = true;
	return list_add(&skipped, &range, sizeof range);
}

const struct range *fault_skipped(uintptr_t at)
{
	const struct range *range = skipped.list;
	uint32_t i;

	if (likely(!fault_skips))
		return NULL;
	for (i = 0; i < skipped.n; i++)
		if (range[i].high > at)
			return &range[i];
	return NULL;
}

static void copy_run(uintptr_t low, uintptr_t high, void *out)
{
	memcpy(out, (const void *)low, high - low);
}

void fault_copy(void *out, uintptr_t at, size_t n)
{
	uintptr_t from = at, to = at + n;
	const struct range *skip;
	char *bytes = out;

	memset(out, 0, n);
	if (at < PAGE || at >= FAULT_ADDRESSES - n)
		return;
	while ((skip = fault_skipped(from)) && skip->low < to) {
		if (from < skip->low)
			fault_run(from, skip->low, copy_run,
				  bytes + (from - at));
		from = skip->high;
	}
	if (from < to)
		fault_run(from, to, copy_run, bytes + (from - at));
}
