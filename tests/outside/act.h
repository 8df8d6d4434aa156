/* The words that act.c follows, and what several of them need. */
#ifndef ACT_H
#define ACT_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <stdbool.h>
#include <wordexp.h>
#include "gordian.h"
#include "victim.h"

extern char **environ;
static char **next; /* the words still to come */
static char *self;
static void **kept; /* a list of blocks */

static const char *word(void)
{
	if (!*next) {
		say("act: a word is missing");
		_exit(99);
	}
	return *next++;
}

static long number(void)
{
	return atol(word());
}

/* Which no hook sees. */
static void nap_unseen(long us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	syscall(SYS_nanosleep, &t, NULL);
}

static double time_by(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static NOINLINE void keep_one(void)
{
	void **block = MALLOC(24);

	*block = kept;
	kept = block;
}

static void on_signal(int sig)
{
	(void)sig;
}

#endif
