/*
 * Executes another program. A signal of ours that reaches the new program
 * before it has a handler would end it. So the stop lock is held, and what
 * `gordian check` sends is ignored until then. The new program is tracked, too,
 * unless --follow=no, whatever environment it is given.
 *
 * May run in a child of vfork, whose memory is its parent's: only the stack is
 * written there, and no lock is taken.
 */
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/config.h"
#include "base/export.h"
#include "base/sys.h"
#include "hooks/end.h"
#include "hooks/environ.h"
#include "hooks/exec.h"
#include "process/library.h"
#include "process/pid.h"
#include "process/real.h"
#include "process/signals.h"
#include "process/stop.h"
#include "report/family.h"
#include "snapshot/snapshot.h"

/* A shell tries each directory of PATH. Nothing is done for a file that is not
 * there. */
static bool is_there(const char *path)
{
	long err;

	if (!path)
		return true;
	if (!environment_is_text(path))
		return false;
	err = strchr(path, '/') ? sys(SYS_access, path, F_OK) : 0;
	return err != -ENOENT && err != -ENOTDIR;
}

struct entered {
	bool is_own; /* not in a child that shares its parent's memory */
	bool told;   /* a line was written that says what is executed */
};

static struct entered enter(const char *path)
{
	struct entered entered = {0};
	bool there;

	if (!library_is_ready())
		return entered;
	there = is_there(path);
	entered.told = config.follow && there;
	entered.is_own = !pid_is_vfork_child();
	if (!entered.is_own) {
		if (entered.told)
			family_executes(path, 0, false);
		return entered;
	}
	__builtin_unwind_init();
	if (there)
		end_exec(path);
	snapshot_finish();
	stop_lock();
	signals_execute(true);
	return entered;
}

static int leave(struct entered entered, struct environment *environment,
		 int err)
{
	int saved = errno;

	if (entered.is_own) {
		signals_execute(false);
		stop_unlock();
	}
	environment_drop(environment);
	if (entered.told)
		family_failed(entered.is_own);
	errno = saved;
	return err;
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	struct environment to = environment_complete(envp);
	struct entered entered = enter(path);

	return leave(entered, &to, real.execve(path, argv, (char **)to.words));
}

/* syscall(SYS_execve, …), and the form with a descriptor first. */
long exec_raw(long number, const long *args)
{
	bool at = number == SYS_execveat;
	struct environment to = environment_complete((char **)args[2 + at]);
	struct entered entered = enter(at ? NULL : (const char *)args[0]);
	long words = (long)to.words;

	return leave(entered, &to,
		     real.syscall(number, args[0], args[1],
				  at ? args[2] : words, at ? words : args[3],
				  args[4], 0));
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	struct environment to = environment_complete(envp);
	struct entered entered = enter(file);

	return leave(entered, &to, real.execvpe(file, argv, (char **)to.words));
}

EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	struct environment to = environment_complete(envp);
	struct entered entered = enter(NULL);

	return leave(entered, &to, real.fexecve(fd, argv, (char **)to.words));
}

EXPORT int execveat(int fd, const char *path, char *const argv[],
		    char *const envp[], int flags)
{
	struct environment to = environment_complete(envp);
	struct entered entered = enter(NULL);

	return leave(entered, &to,
		     real.execveat(fd, path, argv, (char **)to.words, flags));
}

static size_t count_args(va_list args)
{
	size_t n = 1;

	while (va_arg(args, char *))
		n++;
	return n;
}

/* Declares argv: `first` and the variable arguments after it. `args` is left
 * after the NULL. */
#define COLLECT(first)                  \
	va_list args;                   \
	va_start(args, first);          \
	size_t n = count_args(args);    \
	va_end(args);                   \
	char *argv[n + 1];              \
	argv[0] = (char *)first;        \
	va_start(args, first);          \
	for (size_t i = 1; i <= n; i++) \
		argv[i] = va_arg(args, char *);

EXPORT int execl(const char *path, const char *arg, ...)
{
	COLLECT(arg);
	va_end(args);
	return execve(path, argv, environ);
}

EXPORT int execlp(const char *file, const char *arg, ...)
{
	COLLECT(arg);
	va_end(args);
	return execvpe(file, argv, environ);
}

EXPORT int execle(const char *path, const char *arg, ...)
{
	char *const *envp;

	COLLECT(arg);
	envp = va_arg(args, char *const *);
	va_end(args);
	return execve(path, argv, envp);
}

static int spawn(__typeof__(real.posix_spawn) call, pid_t *pid,
		 const char *path, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attr, char *const argv[],
		 char *const envp[])
{
	struct environment to = environment_complete(envp);
	pid_t child = 0;
	int err, saved;

	do
		err = call(&child, path, actions, attr, argv,
			   (char **)to.words);
	while (err == EAGAIN && snapshot_make_room());
	environment_drop(&to);
	if (err)
		return err;
	saved = errno;
	if (pid)
		*pid = child;
	if (library_is_ready() && config.follow && !pid_is_vfork_child())
		family_spawned(child, path);
	errno = saved;
	return 0;
}

EXPORT int posix_spawn(pid_t *pid, const char *path,
		       const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attr, char *const argv[],
		       char *const envp[])
{
	return spawn(real.posix_spawn, pid, path, actions, attr, argv, envp);
}

EXPORT int posix_spawnp(pid_t *pid, const char *file,
			const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attr, char *const argv[],
			char *const envp[])
{
	return spawn(real.posix_spawnp, pid, file, actions, attr, argv, envp);
}
