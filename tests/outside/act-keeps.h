/* What has to stay as it is in a program that is scanned: children,
 * descriptors, errno, what signals do. */
#ifndef ACT_KEEPS_H
#define ACT_KEEPS_H

#include "act.h"

static void show_tasks(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = -2;

	while (readdir(dir))
		n++;
	closedir(dir);
	say("tasks %d", n);
}

static volatile int sigchlds;

static void on_child(int sig)
{
	(void)sig;
	sigchlds++;
}

/* Waits and signals of children while scans are made. */
static void no_children(void)
{
	int i, seen = 0, other = 0;

	signal(SIGCHLD, on_child);
	for (i = 0; i < 300; i++) {
		keep_one();
		if (waitpid(-1, NULL, WNOHANG) != -1)
			seen++;
		else if (errno != ECHILD)
			other++;
		usleep(1000);
	}
	say("children %d %d %d", seen, other, sigchlds);
}

/* What a copy of a descriptor would keep from others: a pipe's end, a port, a
 * lock. Held by this one, if it is to be had. */
static int hold(const char *what)
{
	static struct sockaddr_in at = {.sin_family = AF_INET};
	struct flock lock = {.l_type = F_WRLCK};
	socklen_t size = sizeof at;
	bool port = !strcmp(what, "port");
	int fd = port ? socket(AF_INET, SOCK_STREAM, 0)
		      : open("lock", O_RDWR | O_CREAT, 0600);
	int err;

	if (port)
		err = bind(fd, (void *)&at, sizeof at) || listen(fd, 1) ||
		      getsockname(fd, (void *)&at, &size);
	else if (!strcmp(what, "flock"))
		err = flock(fd, LOCK_EX | LOCK_NB);
	else
		err = fcntl(fd, F_OFD_SETLK, &lock);
	if (!err)
		return fd;
	close(fd);
	return -1;
}

static void wait_for_end_of(const char *what, int fd)
{
	char c;

	if (!strcmp(what, "pipe"))
		while (read(fd, &c, 1))
			;
	else
		while ((fd = hold(what)) < 0)
			;
	close(fd);
}

/* The number in that file of /proc, the first one; 0: there is none. */
static long number_in(const char *format, long pid)
{
	char path[64];
	long n = 0;
	FILE *file;

	sprintf(path, format, pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%ld", &n) != 1)
		n = 0;
	fclose(file);
	return n;
}

/* The snapshot child; 0: there is none. */
static long child_now(void)
{
	return number_in("/proc/self/task/%ld/children", getpid());
}

/* A process that ends gives its memory back before its descriptors. */
static bool has_memory(long child)
{
	return number_in("/proc/%ld/statm", child);
}

/* Whether what the child was cloned with is free before its scan is over: once
 * is enough, as it may be over by the time that this one gets to run. */
static void holds(void)
{
	const char *what = word();
	bool early = false;
	int i, ends[2];
	long child;

	for (i = 0; i < 50 && !early; i++) {
		if (pipe(ends))
			_exit(99);
		if (strcmp(what, "pipe"))
			ends[1] = hold(what);
		child = child_now(); /* cloned before */
		while (child && has_memory(child))
			nap_ms(1);
		while (!(child = child_now()) || !has_memory(child))
			free(MALLOC(24)); /* or there is nothing to scan */
		close(ends[1]);
		wait_for_end_of(what, ends[0]);
		early = has_memory(child);
	}
	say(early ? "free meanwhile" : "free afterwards");
}

/* Descriptors that the child has to look at. */
static void open_many(void)
{
	long n = number();

	while (n--)
		open("/dev/null", O_RDONLY);
}

static void keep_errno(void)
{
	void *block, *volatile huge; /* compilers know what malloc is */
	int i, wrong = 0;

	for (i = 0; i < 3000; i++) {
		errno = 77;
		block = malloc(100);
		wrong += errno != 77;
		free(i % 2 ? block : NULL);
		wrong += errno != 77;
		if (!(i % 2))
			block = realloc(block, 200), *(void **)block = kept,
			kept = block;
		wrong += errno != 77;
		wrong += malloc_usable_size(block = malloc(8)) < 8;
		free(block);
		wrong += errno != 77;
	}
	say("errno changed %d", wrong);
	errno = 0;
	huge = malloc(SIZE_MAX / 2 - (size_t)next % 2);
	say("errno set %d", !huge && errno == ENOMEM);
}

/* The flags that a signal's action has. */
static int flags_of(int sig)
{
	struct sigaction now;

	return sigaction(sig, NULL, &now) ? -1 : now.sa_flags & ~0x04000000;
}

#pragma GCC diagnostic push /* glibc advises against sigset, siginterrupt */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/* The functions of System V and BSD. */
static int older_dispositions(int sig)
{
	int wrong = 0;

	wrong += sysv_signal(sig, on_signal) != SIG_DFL;
	wrong += (flags_of(sig) & ~SA_INTERRUPT) !=
		 (int)(SA_RESETHAND | SA_NODEFER);
	wrong += sigset(sig, SIG_HOLD) != on_signal;
	wrong += sigset(sig, on_signal) != SIG_HOLD || flags_of(sig);
	wrong += sigset(sig, on_signal) != on_signal;
	wrong += siginterrupt(sig, 1) || ssignal(sig, on_signal) != on_signal;
	wrong += flags_of(sig) & SA_RESTART;
	wrong += siginterrupt(sig, 0) || !(flags_of(sig) & SA_RESTART);
	wrong += signal(sig, SIG_DFL) != on_signal;
	wrong += signal(sig, SIG_ERR) != SIG_ERR || errno != EINVAL;
	return wrong;
}
#pragma GCC diagnostic pop

/* What is set is told, before and after it was set. */
static void dispositions(void)
{
	const int sigs[] = {SIGTERM, SIGINT,  SIGHUP,	    SIGABRT,
			    SIGUSR1, SIGCHLD, SIGRTMAX - 1, SIGRTMAX};
	struct sigaction action = {.sa_handler = on_signal}, old;
	int wrong = 0;

	action.sa_flags = SA_RESTART | SA_NODEFER;
	sigaddset(&action.sa_mask, SIGWINCH);
	for (unsigned i = 0; i < sizeof sigs / sizeof *sigs; i++) {
		wrong += sigaction(sigs[i], NULL, &old) ||
			 old.sa_handler != SIG_DFL || old.sa_flags;
		wrong += sigaction(sigs[i], &action, &old) ||
			 old.sa_handler != SIG_DFL;
		wrong += sigaction(sigs[i], NULL, &old) ||
			 old.sa_handler != on_signal ||
			 (old.sa_flags & ~0x04000000) != action.sa_flags ||
			 !sigismember(&old.sa_mask, SIGWINCH) ||
			 sigismember(&old.sa_mask, SIGTERM);
		wrong += signal(sigs[i], SIG_IGN) != on_signal;
		wrong += signal(sigs[i], SIG_DFL) != SIG_IGN;
		wrong += signal(sigs[i], SIG_DFL) != SIG_DFL;
		wrong += older_dispositions(sigs[i]);
	}
	errno = 0;
	wrong += sigaction(SIGKILL, &action, NULL) != -1 || errno != EINVAL;
	wrong += sigaction(-1, NULL, &old) != -1;
	wrong += sigaction(1000, NULL, &old) != -1;
	say("dispositions wrong %d", wrong);
}

#endif
