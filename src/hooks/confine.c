/*
 * Hooks of the calls by which a program confines itself. Before a filter that
 * would punish what scans need, the last scan is made, and the report says that
 * it was the last. Then Gordian stands aside. All this is done before the
 * kernel is asked. When the kernel refuses, all is as before.
 *
 * The stop lock is held meanwhile, so that no scan is under way.
 *
 * Chromium's zygote changes its root in a child that shares its memory and
 * whose thread-local storage is all zeros. Even errno cannot be found there,
 * and is not touched when there is nothing to do.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "base/config.h"
#include "base/export.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "hooks/confine.h"
#include "hooks/end.h"
#include "hooks/environ.h"
#include "hooks/unwinder.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/real.h"
#include "process/signals.h"
#include "process/stop.h"
#include "report/family.h"
#include "report/file.h"
#include "report/warning.h"
#include "snapshot/snapshot.h"

struct closing {
	struct sandbox_filter *filter; /* NULL: nothing to do */
	const char *forbidden; /* the call that scans need and the filter
				  forbids; NULL: scans go on */
	bool told;
	bool silent; /* this process has no report */
};

static void tell(struct closing *closing)
{
	char line[200];
	struct text text = {line, sizeof line, 0};

	text_add(&text, "no scan is possible any more: a seccomp filter of the "
			"program's does not allow ");
	text_add(&text, closing->forbidden);
	text_add(&text, "; the last scan was made before");
	if (file_ensure_quietly())
		family_unwritten();
	else
		warning_missing(line);
	closing->told = true;
}

static bool can_tell(const struct sandbox_filter *with)
{
	const long any[6] = {3};

	return file_descriptor() >= 0 && sandbox_allows(with, SYS_write, any) &&
	       sandbox_allows(with, SYS_fstat, any);
}

/* Whether a handler of ours could make the calls that an answer takes. */
static bool can_answer(const struct sandbox_filter *with)
{
	const long block[6] = {0, 0, 0, 8}, set[6] = {2, 0, 0, 8}, any[6] = {3};

	return sandbox_allows(with, SYS_rt_sigreturn, any) &&
	       sandbox_allows(with, SYS_rt_sigprocmask, block) &&
	       sandbox_allows(with, SYS_rt_sigprocmask, set) &&
	       sandbox_allows(with, SYS_getpid, any) && can_tell(with);
}

static void stand_aside(struct closing *closing)
{
	snapshot_finish();
	if (!can_tell(closing->filter))
		tell(closing);
	signals_aside(true, can_answer(closing->filter));
	environment_leave();
	sandbox_close(true);
}

/* This process may be a copy past libc that was made while another thread held
 * the lock: then the lock is never dropped. */
static struct closing begin(struct sandbox_filter *filter)
{
	struct closing closing = {.filter = filter};

	if (!filter)
		return closing;
	if (!sandbox_is_closed())
		closing.forbidden = sandbox_forbids(filter);
	closing.silent = pid_has_copy();
	if (closing.silent) {
		sandbox_close(closing.forbidden || sandbox_is_closed());
		sandbox_push(filter);
		return closing;
	}
	if (closing.forbidden)
		end_confined();
	stop_lock();
	if (closing.forbidden)
		stand_aside(&closing);
	sandbox_push(filter);
	return closing;
}

static void take_back(const struct closing *closing)
{
	sandbox_pop();
	if (closing->forbidden)
		sandbox_close(false);
	if (closing->forbidden && !closing->silent)
		signals_aside(false, true);
}

static void end(struct closing *closing, bool done)
{
	int saved;

	if (!closing->filter)
		return;
	saved = errno;
	if (!done)
		take_back(closing);
	else if (!closing->forbidden)
		config_know_filters(config.filters + 1);
	else if (!closing->told && !closing->silent)
		tell(closing);
	if (!closing->silent)
		stop_unlock();
	errno = saved;
}

/* The filter that the call sets; NULL: none, or one that the kernel will
 * refuse. */
static struct sandbox_filter *filter_of(long number, const long *args)
{
	uint32_t strict = SECCOMP_SET_MODE_STRICT, mode = args[0];

	if (number == SYS_prctl) {
		if ((int)args[0] != PR_SET_SECCOMP)
			return NULL;
		strict = SECCOMP_MODE_STRICT;
		mode = args[1];
	}
	if (!library_is_ready() || (pid_is_vfork_child() && !pid_has_copy()))
		return NULL;
	if (mode == strict)
		return sandbox_strict();
	return mode == strict + 1 ? sandbox_copy((void *)args[2]) : NULL;
}

/* A result above 0 is a thread that is in the way of SECCOMP_FILTER_FLAG_
 * TSYNC, or the descriptor of a listener. */
static bool was_done(long number, const long *args, long r)
{
	return !r || (r > 0 && number == SYS_seccomp &&
		      args[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

static long filter_call(long number, const long *args)
{
	struct sandbox_filter *filter = filter_of(number, args);
	struct closing closing;
	long r;

	__builtin_unwind_init();
	if (filter)
		unwinder_open();
	closing = begin(filter);
	if (number == SYS_prctl)
		r = real.prctl(args[0], args[1], args[2], args[3], args[4]);
	else
		r = real.syscall(number, args[0], args[1], args[2], args[3],
				 args[4], args[5]);
	end(&closing, was_done(number, args, r));
	return r;
}

/* Before a call after which /proc may be out of reach. */
static bool begin_move(void)
{
	if (!library_is_ready() || pid_is_vfork_child() || sandbox_is_closed())
		return false;
	unwinder_open();
	stop_lock();
	proc_keep();
	return true;
}

static void end_move(void)
{
	int saved = errno;

	proc_look();
	stop_unlock();
	errno = saved;
}

long confine_call(long number, long a, long b, long c, long d, long e)
{
	const long args[] = {a, b, c, d, e, 0};
	bool begun;
	long r;

	if (number == SYS_prctl || number == SYS_seccomp)
		return filter_call(number, args);
	begun = begin_move();
	r = real.syscall(number, a, b, c, d, e, 0);
	if (begun)
		end_move();
	return r;
}

/* libc's functions only make the system call. */
EXPORT int chroot(const char *path)
{
	return syscall(SYS_chroot, path);
}

EXPORT int mount(const char *source, const char *target, const char *type,
		 unsigned long flags, const void *data)
{
	return syscall(SYS_mount, source, target, type, flags, data);
}

EXPORT int umount2(const char *target, int flags)
{
	return syscall(SYS_umount2, target, flags);
}

EXPORT int umount(const char *target)
{
	return syscall(SYS_umount2, target, 0);
}

EXPORT int prctl(int option, ...)
{
	long args[6] = {option};
	va_list rest;
	int i;

	va_start(rest, option);
	for (i = 1; i < 5; i++)
		args[i] = va_arg(rest, long);
	va_end(rest);
	if (!real.prctl && !library_begin()) {
		errno = EINVAL;
		return -1;
	}
	return filter_call(SYS_prctl, args);
}
