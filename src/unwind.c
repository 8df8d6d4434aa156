/*
 * See unwind.h. The library is opened with RTLD_LOCAL, since its _Unwind_*
 * must not take over the program's exceptions; unw_backtrace is not used,
 * since its thread-local data allocates. The cursor is large, and the stack
 * of the program may be small: it is static, under the lock.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <ucontext.h>
#include "lock.h"
#include "sys.h"
#include "unwind.h"

#if __has_include(<libunwind.h>)
#define UNW_LOCAL_ONLY
#include <libunwind.h>

#define TEXT(name) #name
#define NAME(name) TEXT(name)
#define TRIES 64 /* while another thread is at it */

static __typeof__(&unw_init_local) init_local;
static __typeof__(&unw_step) step;
static __typeof__(&unw_get_reg) get_reg;
static __typeof__(&unw_is_signal_frame) is_signal;
static __typeof__(&unw_flush_cache) flush_cache;
static unw_addr_space_t local;
static struct lock lock = LOCK_INIT(LOCK_UNWIND);
static bool stale;	      /* modules changed since the last walk */
static unw_cursor_t cursor;   /* under the lock, ... */
static unw_context_t context; /* ... like this one */

void unwind_init(void)
{
	__typeof__(&unw_set_caching_policy) set_policy;
	unw_addr_space_t *space;
	void *lib = dlopen("libunwind.so.8", RTLD_LOCAL | RTLD_LAZY);

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
	local = *space;
	set_policy(local, UNW_CACHE_GLOBAL);
	step = dlsym(lib, NAME(unw_step));
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

static size_t walk(uintptr_t frame, uintptr_t *pcs, size_t max)
{
	unw_word_t sp, ip;
	size_t n = 0;

	while (n < max && step(&cursor) > 0) {
		if (get_reg(&cursor, UNW_REG_SP, &sp) ||
		    get_reg(&cursor, UNW_REG_IP, &ip) || !ip)
			break;
		if (!n && sp <= frame)
			continue; /* one of our own */
		pcs[n++] = ip - 1;
		/* What was interrupted, and the kernel's trampoline. */
		if (n > 1 && is_signal(&cursor) > 0) {
			pcs[n - 1]++;
			pcs[n - 2]++;
		}
	}
	return n;
}

size_t unwind_walk(uintptr_t frame, uintptr_t *pcs, size_t max)
{
	volatile size_t n = 0; /* getcontext might return twice */

	if (!step || !enter())
		return 0;
	if (__atomic_exchange_n(&stale, false, __ATOMIC_ACQUIRE))
		flush_cache(local, 0, 0);
	if (!getcontext((ucontext_t *)&context) &&
	    !init_local(&cursor, &context))
		n = walk(frame, pcs, max);
	lock_drop(&lock);
	return n;
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

#else /* no header at build time: go without */

void unwind_init(void)
{
}

size_t unwind_walk(uintptr_t frame, uintptr_t *pcs, size_t max)
{
	(void)frame, (void)pcs, (void)max;
	return 0;
}

void unwind_forget(void)
{
}

void unwind_fork_prepare(void)
{
}

void unwind_fork_done(void)
{
}

#endif
