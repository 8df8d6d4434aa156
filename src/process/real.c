/*
 * See real.h. real_init() runs once, in the first thread, at its first hook.
 * dlsym takes the loader's lock and may call our hooks. These find the table
 * empty and turn to the bootstrap area.
 */
#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include "process/real.h"
#include "process/symbols.h"

struct real real;
enum real_new real_new;
bool real_is_glibc, real_start_is_glibc;
static uintptr_t allocator_start, allocator_end;

/* The names stand in the table, so that nothing in it is relocated. */
static const struct {
	char name[36];
	uint32_t place;
} table[] = {
#define ENTRY(field, name)                         \
	{                                          \
		name, offsetof(struct real, field) \
	}
	ENTRY(malloc, "malloc"),
	ENTRY(calloc, "calloc"),
	ENTRY(realloc, "realloc"),
	ENTRY(free, "free"),
	ENTRY(posix_memalign, "posix_memalign"),
	ENTRY(aligned_alloc, "aligned_alloc"),
	ENTRY(memalign, "memalign"),
	ENTRY(valloc, "valloc"),
	ENTRY(pvalloc, "pvalloc"),
	ENTRY(malloc_usable_size, "malloc_usable_size"),
	ENTRY(mallocx, "mallocx"),
	ENTRY(rallocx, "rallocx"),
	ENTRY(xallocx, "xallocx"),
	ENTRY(dallocx, "dallocx"),
	ENTRY(new_plain, "_Znwm"),
	ENTRY(new_array, "_Znam"),
	ENTRY(new_nothrow, "_ZnwmRKSt9nothrow_t"),
	ENTRY(new_aligned, "_ZnwmSt11align_val_t"),
	ENTRY(new_array_aligned, "_ZnamSt11align_val_t"),
	ENTRY(new_aligned_nothrow, "_ZnwmSt11align_val_tRKSt9nothrow_t"),
	ENTRY(delete_plain, "_ZdlPv"),
	ENTRY(delete_array, "_ZdaPv"),
	ENTRY(delete_aligned, "_ZdlPvSt11align_val_t"),
	ENTRY(mmap, "mmap"),
	ENTRY(munmap, "munmap"),
	ENTRY(mremap, "mremap"),
	ENTRY(madvise, "madvise"),
	ENTRY(sbrk, "sbrk"),
	ENTRY(brk, "brk"),
	ENTRY(pthread_create, "pthread_create"),
	ENTRY(thrd_create, "thrd_create"),
	ENTRY(start_main, "__libc_start_main"),
	ENTRY(exit, "exit"),
	ENTRY(_exit, "_exit"),
	ENTRY(quick_exit, "quick_exit"),
	ENTRY(abort, "abort"),
	ENTRY(assert_fail, "__assert_fail"),
	ENTRY(dlclose, "dlclose"),
	ENTRY(dlopen, "dlopen"),
	ENTRY(sigaction, "sigaction"),
	ENTRY(signal, "signal"),
	ENTRY(longjmp_chk, "__longjmp_chk"),
	ENTRY(sigprocmask, "sigprocmask"),
	ENTRY(pthread_sigmask, "pthread_sigmask"),
	ENTRY(attr_setsigmask, "pthread_attr_setsigmask_np"),
	ENTRY(sigwait, "sigwait"),
	ENTRY(signalfd, "signalfd"),
	ENTRY(sigtimedwait, "sigtimedwait"),
	ENTRY(getenv, "getenv"),
	ENTRY(pipe2, "pipe2"),
	ENTRY(prctl, "prctl"),
	ENTRY(pause, "pause"),
	ENTRY(sigsuspend, "sigsuspend"),
	ENTRY(poll, "poll"),
	ENTRY(ppoll, "ppoll"),
	ENTRY(epoll_wait, "epoll_wait"),
	ENTRY(epoll_pwait, "epoll_pwait"),
	ENTRY(select, "select"),
	ENTRY(pselect, "pselect"),
	ENTRY(nanosleep, "nanosleep"),
	ENTRY(clock_nanosleep, "clock_nanosleep"),
	ENTRY(thrd_sleep, "thrd_sleep"),
	ENTRY(sigpause, "__sigpause"),
	ENTRY(epoll_pwait2, "epoll_pwait2"),
	ENTRY(sem_wait, "sem_wait"),
	ENTRY(sem_trywait, "sem_trywait"),
	ENTRY(pthread_exit, "pthread_exit"),
	ENTRY(uselocale, "uselocale"),
	ENTRY(sem_timedwait, "sem_timedwait"),
	ENTRY(sem_clockwait, "sem_clockwait"),
	ENTRY(semop, "semop"),
	ENTRY(semtimedop, "semtimedop"),
	ENTRY(msgrcv, "msgrcv"),
	ENTRY(msgsnd, "msgsnd"),
	ENTRY(aio_suspend, "aio_suspend"),
	ENTRY(accept, "accept"),
	ENTRY(accept4, "accept4"),
	ENTRY(connect, "connect"),
	ENTRY(setsockopt, "setsockopt"),
	ENTRY(recv, "recv"),
	ENTRY(recvfrom, "recvfrom"),
	ENTRY(recvmsg, "recvmsg"),
	ENTRY(recvmmsg, "recvmmsg"),
	ENTRY(send, "send"),
	ENTRY(sendto, "sendto"),
	ENTRY(sendmsg, "sendmsg"),
	ENTRY(sendmmsg, "sendmmsg"),
	ENTRY(read, "read"),
	ENTRY(readv, "readv"),
	ENTRY(write, "write"),
	ENTRY(writev, "writev"),
	ENTRY(sendfile, "sendfile"),
	ENTRY(splice, "splice"),
	ENTRY(getrandom, "getrandom"),
	ENTRY(syscall, "syscall"),
	ENTRY(pass_syscall, "syscall"),
	ENTRY(execve, "execve"),
	ENTRY(execvpe, "execvpe"),
	ENTRY(fexecve, "fexecve"),
	ENTRY(execveat, "execveat"),
	ENTRY(fork, "fork"),
	ENTRY(_Fork, "_Fork"),
	ENTRY(clone, "clone"),
	ENTRY(system, "system"),
	ENTRY(popen, "popen"),
	ENTRY(wordexp, "wordexp"),
	ENTRY(posix_spawn, "posix_spawn"),
	ENTRY(posix_spawnp, "posix_spawnp"),
#undef ENTRY
};

static const char *module_of(const void *code, struct dl_find_object *found)
{
	if (!code || _dl_find_object((void *)code, found))
		return NULL;
	return found->dlfo_link_map->l_name;
}

static bool is_glibcs(const void *code, struct dl_find_object *at)
{
	const char *name = module_of(code, at);

	return name && strstr(name, "/libc.so.6");
}

bool real_is_ours(const char *name, const void *code)
{
	static const char mark;
	struct dl_find_object ours, its;

	if (_dl_find_object((void *)&mark, &ours) ||
	    _dl_find_object((void *)code, &its))
		return false;
	return ours.dlfo_map_start == its.dlfo_map_start ||
	       symbols_only_calls(its.dlfo_link_map, name);
}

/* False when the executable exports a malloc of its own. dlsym calls that
 * malloc for its message when it does not find a name. A hook which that malloc
 * calls while it sets itself up may have brought us here: it then waited for
 * itself for ever. */
bool real_malloc_is_ours(void)
{
	return real_is_ours("malloc", (void *)malloc);
}

/* Names of C++ and of jemalloc may be missing. All others are libc's. */
static bool may_be_missing(const char *name)
{
	return !strncmp(name, "_Z", 2) || strstr(name, "allocx");
}

static enum real_new new_kind(void)
{
	struct dl_find_object at;
	const char *name = module_of((void *)real.new_plain, &at);

	if (!name || strstr(name, "libstdc++.so") || strstr(name, "libc++"))
		return NEW_IS_MALLOC;
	if ((uintptr_t)at.dlfo_map_start == allocator_start)
		return NEW_OF_ALLOCATOR;
	return NEW_OF_PROGRAM;
}

/* symbols NULL: all names are asked of dlsym. */
static void find_all(struct real *found, const struct symbols *symbols)
{
	bool all = real_malloc_is_ours();
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++) {
		void *function = NULL;

		if ((all || !may_be_missing(table[i].name)) &&
		    (!symbols ||
		     !symbols_find(symbols, table[i].name, &function)))
			function = dlsym(RTLD_NEXT, table[i].name);
		memcpy((char *)found + table[i].place, &function,
		       sizeof function);
	}
}

void real_init(void)
{
	struct dl_find_object at;
	struct symbols symbols;
	struct real
		found; /* copied at once, since dlsym itself calls our hooks */

	find_all(&found, symbols_begin(&symbols, table) ? &symbols : NULL);
	real = found;
	real_start_is_glibc = is_glibcs((void *)real.start_main, &at);
	real_is_glibc = is_glibcs((void *)real.malloc, &at);
	if (module_of((void *)real.malloc, &at)) {
		allocator_start = (uintptr_t)at.dlfo_map_start;
		allocator_end = (uintptr_t)at.dlfo_map_end;
	}
	real_new = new_kind();
}

bool real_in_allocator(uintptr_t code)
{
	return !real_is_glibc && code >= allocator_start &&
	       code < allocator_end;
}
