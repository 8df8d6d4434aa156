/*
 * See unwind.h. The library is opened with RTLD_LOCAL, since its _Unwind_*
 * functions must not take over the program's exceptions. unw_backtrace is not
 * used, since its thread-local data allocates. The program's stack may be
 * small: cursor and frames are static, under the lock, and libunwind runs on a
 * stack of ours.
 */
#include <dlfcn.h>
#include <errno.h>
#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <link.h>
#include <stdbool.h>
#include <ucontext.h>
#include "base/arena.h"
#include "base/large.h"
#include "base/likely.h"
#include "base/lock.h"
#include "base/sandbox.h"
#include "base/sys.h"
#include "stack/unwind.h"

#define TEXT(name) #name
#define NAME(name) TEXT(name)
#define TRIES 64 /* when another thread holds the lock */
#define ROOM (64ul * 1024)

static __typeof__(&unw_init_local) init_local;
static __typeof__(&unw_step) step;
static __typeof__(&unw_get_reg) get_reg;
static __typeof__(&unw_is_signal_frame) is_signal;
static __typeof__(&unw_flush_cache) flush_cache;
static unw_addr_space_t local;
static struct lock lock = LOCK_INIT(LOCK_UNWIND);
static bool stale; /* modules changed since the last walk */
static uintptr_t code_low, code_high;

/* Under the lock. */
static unw_cursor_t cursor LARGE;
static unw_context_t context LARGE;
static uintptr_t pcs[UNWIND_MAX] LARGE;
static struct {
	uintptr_t frame;
	unwind_use_fn *use;
	void *data;
	char *room;
} job LARGE;

/* libunwind asks the kernel about memory, through libc. A seccomp filter of the
 * program's may punish that. */
static bool may_ask(void)
{
	static const long calls[] = {SYS_mincore, SYS_pipe2,
				     SYS_read,	  SYS_write,
				     SYS_close,	  SYS_rt_sigprocmask};
	const long none[6] = {0};
	size_t i;

	if (sandbox_is_closed())
		return false;
	for (i = 0; sys_gate && i < sizeof calls / sizeof *calls; i++)
		if (!sandbox_allows(NULL, calls[i], none))
			return false;
	return true;
}

static void unwind_open(void)
{
	__typeof__(&unw_set_caching_policy) set_policy;
	struct dl_find_object found;
	unw_addr_space_t *space;
	void *lib = may_ask() ? dlopen("libunwind.so.8", RTLD_LOCAL | RTLD_LAZY)
			      : NULL;

	if (!lib)
		return;
	init_local = dlsym(lib, NAME(unw_init_local));
	get_reg = dlsym(lib, NAME(unw_get_reg));
	is_signal = dlsym(lib, NAME(unw_is_signal_frame));
	flush_cache = dlsym(lib, NAME(unw_flush_cache));
	set_policy = dlsym(lib, NAME(unw_set_caching_policy));
	space = dlsym(lib, NAME(unw_local_addr_space));
	if (!init_local || !get_reg || !is_signal || !flush_cache ||
	    !set_policy || !space)
		return;
	if (!_dl_find_object((void *)init_local, &found)) {
		code_low = (uintptr_t)found.dlfo_map_start;
		code_high = (uintptr_t)found.dlfo_map_end;
	}
	local = *space;
	set_policy(local, UNW_CACHE_GLOBAL);
	job.room = arena_map(ROOM);
	if (job.room)
		step = dlsym(lib, NAME(unw_step));
}

static long unwind_open_here(void *unused)
{
	(void)unused;
	unwind_open();
	return 0;
}

/* Most programs never need libunwind. Short ones notice what opening it costs,
 * and those that fork notice its mappings at each fork. So it is opened when it
 * is wanted. */
static bool wanted;

void unwind_init(bool now)
{
	if (now)
		unwind_open();
	else
		wanted = true;
}

/* The loader may have called us while it changes its list of modules. */
static bool is_loader_at_rest(void)
{
	return _r_debug.r_state == RT_CONSISTENT;
}

/* On a stack of ours, without the lock, by one thread. Not behind a seccomp
 * filter of the program's, which may punish what the loader does. */
void unwind_open_wanted(void)
{
	int saved = errno;
	char *stack;

	if (!wanted || sys_gate || !is_loader_at_rest() ||
	    !__atomic_exchange_n(&wanted, false, __ATOMIC_RELAXED))
		return;
	stack = arena_map(ROOM);
	if (!stack)
		return;
	sys_on_stack(stack + ROOM, unwind_open_here, NULL);
	arena_unmap(stack, ROOM);
	errno = saved;
}

bool unwind_is_there(void)
{
	return step || wanted;
}

bool unwind_has_code(uintptr_t code)
{
	return code >= code_low && code < code_high;
}

static bool enter(void)
{
	for (int i = 0; i < TRIES; i++) {
		if (lock_try(&lock))
			return true;
		sys(SYS_sched_yield);
	}
	return false;
}

static size_t walk(void)
{
	unw_word_t sp, ip;
	size_t n = 0;

	while (n < UNWIND_MAX && step(&cursor) > 0) {
		if (get_reg(&cursor, UNW_REG_SP, &sp) ||
		    get_reg(&cursor, UNW_REG_IP, &ip) || !ip)
			break;
		if (!n && sp <= job.frame)
			continue; /* one of our own */
		pcs[n++] = ip - 1;
		/* Drops the kernel's trampoline; the next frame is the
		 * interrupted one. */
		if (n > 1 && is_signal(&cursor) > 0) {
			pcs[n - 1]++;
			pcs[n - 2]++;
		}
	}
	return n;
}

static long work(void *unused)
{
	(void)unused;
	if (!init_local(&cursor, &context))
		job.use(pcs, walk(), job.data);
	return 0;
}

bool unwind_walk(const void *frame, unwind_use_fn *use, void *data)
{
	int saved = errno;

	if (!may_ask())
		return false;
	if (unlikely(wanted))
		unwind_open_wanted();
	if (!step || !enter())
		return false;
	if (__atomic_exchange_n(&stale, false, __ATOMIC_ACQUIRE))
		flush_cache(local, 0, 0);
	job.frame = (uintptr_t)frame;
	job.use = use;
	job.data = data;
	/* of this frame, which does not change meanwhile */
	if (!getcontext((ucontext_t *)&context))
		sys_on_stack(job.room + ROOM, work, NULL);
	lock_drop(&lock);
	errno = saved; /* it asks the kernel for pages, through libc */
	return true;
}

void unwind_forget(void)
{
	__atomic_store_n(&stale, true, __ATOMIC_RELEASE);
}

void unwind_fork_prepare(void)
{
	lock_take(&lock);
}

void unwind_fork_done(void)
{
	lock_drop(&lock);
}
