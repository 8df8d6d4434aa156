/*
 * Executing another program: no stop of ours may be pending then (the signal
 * would end the new program), so the stop lock is held; and the new program
 * is tracked too, unless --follow=no, whatever environment it is given.
 *
 * May run in a child of vfork, whose memory is its parent's: nothing but the
 * stack is written there and no lock is taken.
 */
#include <errno.h>
#include <link.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config.h"
#include "end.h"
#include "export.h"
#include "family.h"
#include "guard.h"
#include "init.h"
#include "out.h"
#include "real.h"
#include "snapshot.h"
#include "stop.h"
#include "sys.h"

#define PRELOAD "LD_PRELOAD="

/* The library's path as it was preloaded. */
static const char *library(void)
{
	static const char mark;
	struct dl_find_object found;

	if (_dl_find_object((void *)&mark, &found))
		return "";
	return found.dlfo_link_map->l_name;
}

/* After chroot the loader would only complain that it is not there. */
static bool is_reachable(void)
{
	return !sys(SYS_access, library(), 4 /* R_OK */);
}

static bool is_word(const char *entry, const char *word)
{
	return !strncmp(entry, word, strlen(word));
}

/* How many entries, and whether both words of ours are among them. */
static size_t look(char *const envp[], bool *complete)
{
	bool preload = false, options = false;
	size_t n;

	for (n = 0; envp && envp[n]; n++) {
		preload |=
			is_word(envp[n], PRELOAD) && strstr(envp[n], library());
		options |= !strcmp(envp[n], config.options);
	}
	*complete = !init_done() || !config.follow ||
		    (is_reachable() ? preload && options : !preload);
	return n;
}

/* envp with our words, in room for n + 3 entries; `word` has room for the
 * preload's. */
static void fill(char **out, char *const envp[], char *word, size_t room)
{
	struct text t = {word, room, 0};
	size_t to = 0;

	if (is_reachable()) {
		text_add(&t, PRELOAD);
		text_add(&t, library());
		out[to++] = word;
		out[to++] = config.options;
	}
	for (; envp && *envp; envp++) {
		if (t.used && is_word(*envp, PRELOAD) &&
		    strstr(*envp, library())) {
			out[0] = *envp;
		} else if (t.used && is_word(*envp, PRELOAD) &&
			   (*envp)[sizeof PRELOAD - 1]) {
			text_add(&t, ":");
			text_add(&t, *envp + sizeof PRELOAD - 1);
		} else if (!is_word(*envp, PRELOAD) &&
			   !is_word(*envp, "GORDIAN_OPTIONS=")) {
			out[to++] = *envp;
		}
	}
	out[to] = NULL;
}

/* Declares `env`: envp, completed on the stack when it needs to be. */
#define COMPLETE(envp)                               \
	bool complete;                               \
	size_t count = look(envp, &complete);        \
	char *made[complete ? 1 : count + 3];        \
	char word[complete ? 1 : 2 * CONFIG_PATH];   \
	char *const *env = envp;                     \
	if (!complete) {                             \
		fill(made, envp, word, sizeof word); \
		env = made;                          \
	}

/* A shell tries each directory of PATH: nothing is done for what is not
 * there. */
static bool is_there(const char *path)
{
	long err = path && strchr(path, '/') ? sys(SYS_access, path, F_OK) : 0;

	return err != -ENOENT && err != -ENOTDIR;
}

struct entered {
	bool is_own; /* not in a child that shares its parent's memory */
	bool told;   /* a line says what is about to be executed */
};

static struct entered enter(const char *path)
{
	struct entered entered = {0};

	if (!init_done())
		return entered;
	entered.told = config.follow && is_there(path);
	entered.is_own = !init_is_vfork_child();
	if (!entered.is_own) {
		if (entered.told)
			family_executes(path, 0, false);
		return entered;
	}
	__builtin_unwind_init();
	if (is_there(path))
		end_exec(path);
	snapshot_finish();
	stop_lock();
	return entered;
}

static int leave(struct entered entered, int err)
{
	int saved = errno;

	if (entered.is_own)
		stop_unlock();
	if (entered.told)
		family_failed(entered.is_own);
	errno = saved;
	return err;
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	COMPLETE(envp);
	struct entered entered = enter(path);

	return leave(entered, real.execve(path, argv, (char **)env));
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	COMPLETE(envp);
	struct entered entered = enter(file);

	return leave(entered, real.execvpe(file, argv, (char **)env));
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
	COMPLETE(envp);
	struct entered entered = enter(NULL);

	return leave(entered, real.fexecve(fd, argv, (char **)env));
}

EXPORT int execveat(int fd, const char *path, char *const argv[],
		    char *const envp[], int flags)
{
	COMPLETE(envp);
	struct entered entered = enter(NULL);

	return leave(entered,
		     real.execveat(fd, path, argv, (char **)env, flags));
}

static size_t count_args(va_list args)
{
	size_t n = 1;

	while (va_arg(args, char *))
		n++;
	return n;
}

/* Declares argv: `first` and the variable arguments behind it. `args` is left
 * behind the NULL. */
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

static int spawned(int err, pid_t child, pid_t *pid, const char *path)
{
	int saved = errno;

	if (err)
		return err;
	if (pid)
		*pid = child;
	if (init_done() && config.follow && !init_is_vfork_child())
		family_spawned(child, path);
	errno = saved;
	return 0;
}

EXPORT int posix_spawn(pid_t *pid, const char *path,
		       const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attr, char *const argv[],
		       char *const envp[])
{
	COMPLETE(envp);
	pid_t child = 0;
	int err;

	do
		err = real.posix_spawn(&child, path, actions, attr, argv,
				       (char **)env);
	while (err == EAGAIN && snapshot_make_room());
	return spawned(err, child, pid, path);
}

EXPORT int posix_spawnp(pid_t *pid, const char *file,
			const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attr, char *const argv[],
			char *const envp[])
{
	COMPLETE(envp);
	pid_t child = 0;
	int err;

	do
		err = real.posix_spawnp(&child, file, actions, attr, argv,
					(char **)env);
	while (err == EAGAIN && snapshot_make_room());
	return spawned(err, child, pid, file);
}
