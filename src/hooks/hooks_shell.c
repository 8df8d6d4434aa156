/*
 * Hooks of calls that start a shell inside libc, past our hooks of exec and
 * spawn. The shell gets environ as it is. When our two words are missing there,
 * environ.h lends them for the call.
 *
 * Any thread, any signal handler. Like the calls that make processes
 * (hooks_fork.c), each is made again when a scan's child has made room.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>
#include "base/export.h"
#include "hooks/environ.h"
#include "process/library.h"
#include "process/real.h"
#include "snapshot/snapshot.h"

/* libc's system() tells only by errno whether the shell could not be started or
 * found no command. */
static int make_system(const char *command)
{
	int status;

	do {
		errno = 0;
		status = real.system(command);
	} while ((status == -1 || status == 127 << 8) && errno == EAGAIN &&
		 snapshot_make_room());
	return status;
}

EXPORT int system(const char *command)
{
	struct environment lent;
	int status, saved = errno;

	if (!library_begin() && !real.system) {
		errno = EAGAIN;
		return -1;
	}
	lent = environment_lend();
	status = make_system(command);
	environment_take_back(&lent);
	if (!errno)
		errno = saved;
	return status;
}

/* libc says ENOMEM, whatever was lacking. */
EXPORT FILE *popen(const char *command, const char *mode)
{
	struct environment lent;
	FILE *file;

	if (!library_begin() && !real.popen) {
		errno = EAGAIN;
		return NULL;
	}
	lent = environment_lend();
	do
		file = real.popen(command, mode);
	while (!file && (errno == ENOMEM || errno == EAGAIN) &&
	       snapshot_make_room());
	environment_take_back(&lent);
	return file;
}

/* Only when a command may be among the words. Variables in the words are the
 * program's own. */
EXPORT int wordexp(const char *words, wordexp_t *to, int flags)
{
	bool commands = strchr(words, '`') || strstr(words, "$(");
	struct environment lent = {0};
	int err;

	if (!library_begin() && !real.wordexp)
		return WRDE_NOSPACE;
	if (commands && !(flags & WRDE_NOCMD))
		lent = environment_lend();
	err = real.wordexp(words, to, flags);
	environment_take_back(&lent);
	return err;
}
