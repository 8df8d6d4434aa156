/*
 * Does what its arguments say, one after the other: the scripts of checks
 * compose programs of them. What it reports goes to standard output by
 * write(2).
 */
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

static NOINLINE void ring(void)
{
	void **a = MALLOC(32), **b = MALLOC(48);

	a[0] = b;
	b[0] = a;
}

/* One that holds another. */
static NOINLINE void rings(void)
{
	void **a = MALLOC(64), **b = MALLOC(64), **c = MALLOC(96);

	a[0] = a[1] = b;
	b[0] = a;
	b[1] = c;
	c[0] = MALLOC(128);
	*(void **)c[0] = c;
}

static NOINLINE void lost(void)
{
	MALLOC(100);
}

static NOINLINE void suspect(void)
{
	char **words = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	words[1] = (char *)MALLOC(200) + 88;
}

static NOINLINE void keep_one(void)
{
	void **block = MALLOC(24);

	*block = kept;
	kept = block;
}

static void keep(void)
{
	long n = number();

	while (n--)
		keep_one();
}

/* A block that a pool has made another of: it is live, and so is that. */
static void pool(void)
{
	static char *block;

	block = MALLOC(200);
	GORDIAN_POOL_ALLOC(block, block + 64, 32);
}

/* An object that is counted once more than it is let go. */
static NOINLINE void excess(void)
{
	char *object = MALLOC(100);

	GORDIAN_OBJECT(object, "message");
	GORDIAN_REF(object);
	GORDIAN_UNREF(object);
}

static void free_one(void)
{
	void **block = kept;

	if (!block)
		return;
	kept = *block;
	free(block);
}

static void rewrite(void)
{
	void **block;

	for (block = kept; block; block = *block)
		block[1] = block;
}

static void *nothing(void *arg)
{
	return arg;
}

static void one_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, nothing, NULL);
	pthread_join(thread, NULL);
}

static void one_mapping(void)
{
	munmap(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	       4096);
}

/* How many scans have been made. No hook sees the question. */
static unsigned long scans(void)
{
	struct gordian_stats stats;

	return gordian_get_stats(&stats) ? 0 : stats.scans;
}

/* Running, so that something may have changed, which no hook sees. */
static void run_on(void)
{
	double end = time_by(CLOCK_PROCESS_CPUTIME_ID) + 10e-3;

	while (time_by(CLOCK_PROCESS_CPUTIME_ID) < end)
		;
}

static void *block, *volatile none;

static void enter(const char *what)
{
	if (!strcmp(what, "free"))
		free_one();
	else if (!strcmp(what, "drop"))
		kept = kept ? *kept : NULL, usleep(1);
	else if (!strcmp(what, "usleep"))
		usleep(1);
	else if (!strcmp(what, "free-null"))
		free(none);
	else if (!strcmp(what, "realloc"))
		block = realloc(block, 64);
	else if (!strcmp(what, "usable-size"))
		malloc_usable_size(block);
	else if (!strcmp(what, "mmap"))
		one_mapping();
	else if (!strcmp(what, "thread"))
		one_thread();
	else if (!strcmp(what, "poll"))
		poll(NULL, 0, 0);
	else
		_exit(99);
}

/* One hook a time, for so many ms of CPU time. */
static void loop(void)
{
	const char *what = word();
	clockid_t clock = CLOCK_PROCESS_CPUTIME_ID;
	double end = time_by(clock) + number() / 1e3;

	if (!block)
		block = MALLOC(64);
	for (; time_by(clock) < end; run_on())
		enter(what);
}

/* The same until so many scans more were made. */
static void loop_scans(void)
{
	unsigned long end = number() + scans();
	const char *what = word();

	if (!block)
		block = MALLOC(64);
	for (; scans() < end; run_on())
		enter(what);
}

/* Asleep for so many ms at least, but that a hook is entered every 2 ms. */
static void idle(void)
{
	long n = number() / 2;

	while (n--) {
		nap_unseen(2000);
		usleep(1);
	}
}

/* Blocks, a thousand a ms at most, until so many scans were made: or never, if
 * two millions give no cause for them. */
static void grow(void)
{
	unsigned long end = number();
	int i, k;

	for (i = 0; i < 2000 && scans() < end; i++) {
		for (k = 0; k < 1000; k++)
			keep_one();
		nap_ms(1);
	}
}

static sem_t semaphore;

static void *wait_for_input(void *arg)
{
	char c;

	while (read(0, &c, 1) < 0)
		;
	sem_post(&semaphore);
	return arg;
}

static pthread_t helper(void)
{
	pthread_t thread;

	sem_init(&semaphore, 0, 0);
	pthread_create(&thread, NULL, wait_for_input, NULL);
	return thread;
}

static void on_signal(int sig)
{
	(void)sig;
}

static int timed_socket(time_t seconds)
{
	struct timeval t = {seconds, 0};
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) ||
	    setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)))
		_exit(99);
	return fd[0];
}

/* Blocks until standard input ends, in that call; or, once its time is over,
 * in another. */
static void blocked(void)
{
	const char *what = word();
	struct pollfd fd = {0, POLLIN, 0};
	struct epoll_event event = {.events = EPOLLIN};
	fd_set set;
	struct timespec second = {1, 0};
	pthread_t thread = 0;
	int epoll, result = -2;
	sigset_t none;
	char c;

	sigemptyset(&none);
	FD_ZERO(&set);
	FD_SET(0, &set);
	epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event);
	signal(SIGUSR1, on_signal);
	if (!strcmp(what, "sem") || !strcmp(what, "join"))
		thread = helper();
	errno = 0;
	say("ready");
	if (!strcmp(what, "read"))
		result = read(0, &c, 1);
	else if (!strcmp(what, "poll"))
		result = poll(&fd, 1, 60000);
	else if (!strcmp(what, "epoll"))
		result = epoll_wait(epoll, &event, 1, -1);
	else if (!strcmp(what, "select"))
		result = select(1, &set, NULL, NULL, NULL);
	else if (!strcmp(what, "sleep"))
		result = sleep(2);
	else if (!strcmp(what, "pause"))
		result = pause();
	else if (!strcmp(what, "sigwait"))
		result = sigtimedwait(&none, NULL, &second);
	else if (!strcmp(what, "sem"))
		result = sem_wait(&semaphore);
	else if (!strcmp(what, "recv"))
		result = recv(timed_socket(2), &c, 1, 0);
	else if (!strcmp(what, "syscall"))
		result = syscall(SYS_poll, NULL, 0, 2000);
	else if (!strcmp(what, "join"))
		result = pthread_join(thread, NULL);
	else if (!strcmp(what, "busy"))
		for (; poll(&fd, 1, 0) == 0; result = 0)
			for (volatile int i = 0; i < 100000; i++)
				;
	else
		_exit(99);
	say("%s %d %d", what, result, errno);
	close(epoll);
	if (!strcmp(what, "sleep") || !strcmp(what, "sigwait") ||
	    !strcmp(what, "recv") || !strcmp(what, "syscall"))
		while (read(0, &c, 1) > 0)
			;
}

static void *pause_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

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

static int expand(const char *command)
{
	char words[1024];
	wordexp_t to = {0};
	int err;

	snprintf(words, sizeof words, "$(%s)", command);
	err = wordexp(words, &to, 0);
	if (!err)
		wordfree(&to);
	return err;
}

/* "sh -c" by every way that starts a program. */
static void shell(const char *how)
{
	char *argv[] = {"sh", "-c", (char *)word(), NULL};
	char *bare[] = {NULL};
	int status = -1;
	FILE *file;
	pid_t pid;

	if (!strcmp(how, "system")) {
		status = system(argv[2]);
	} else if (!strcmp(how, "popen")) {
		file = popen(argv[2], "r");
		while (getc(file) != EOF)
			;
		status = pclose(file);
	} else if (!strcmp(how, "spawn")) {
		if (!posix_spawnp(&pid, "sh", NULL, NULL, argv, environ))
			waitpid(pid, &status, 0);
	} else if (!strcmp(how, "spawn-bare")) {
		if (!posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, bare))
			waitpid(pid, &status, 0);
	} else if (!strcmp(how, "wordexp")) {
		status = expand(argv[2]);
	} else {
		pid = vfork();
		if (!pid && !strcmp(how, "vfork-number"))
			_exit(syscall(SYS_execve, "/bin/sh", argv, environ));
		if (!pid) {
			execve("/bin/sh", argv,
			       !strcmp(how, "vfork-bare") ? bare : environ);
			_exit(127);
		}
		waitpid(pid, &status, 0);
	}
	say("%s %d", how, status);
}

/* What the program finds in its environment. */
static void show_environment(void)
{
	const char *preload = getenv("LD_PRELOAD");
	int n = 0;

	while (environ && environ[n])
		n++;
	say("environment %d '%s'", n, preload ? preload : "none");
}

static void change_environment(const char *how)
{
	static char *few[] = {"A=b", "LD_PRELOAD=", NULL};

	if (!strcmp(how, "clear"))
		clearenv();
	else if (!strcmp(how, "few"))
		environ = few;
	else
		unsetenv("LD_PRELOAD");
}

/* The child goes on with the words up to "then", the parent after it. */
static void fork_here(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid) {
		while (*next && strcmp(*next++, "then"))
			;
		waitpid(pid, &status, 0);
		say("child %d %d", (int)pid, status);
	}
}

/* Each loses one block, then forks the next one. */
static void generations(void)
{
	long n = number();

	while (n--) {
		pid_t pid;

		away(lost);
		pid = fork();
		if (pid) {
			waitpid(pid, NULL, 0);
			exit(0);
		}
	}
}

static void execute(bool bare)
{
	char **argv = next - 1, *none[] = {NULL};

	*argv = self;
	execve("/proc/self/exe", argv, bare ? none : environ);
	_exit(98);
}

static void limit_file(void)
{
	struct rlimit limit = {number(), RLIM_INFINITY};

	setrlimit(RLIMIT_FSIZE, &limit);
}

/* So many MB more than it has. */
static void limit_memory(int resource)
{
	long pages = 0, more = number() << 20;
	FILE *file = fopen("/proc/self/statm", "r");
	struct rlimit limit;

	if (fscanf(file, "%ld", &pages) != 1)
		_exit(99);
	fclose(file);
	limit.rlim_cur = limit.rlim_max = pages * 4096 + more;
	setrlimit(resource, &limit);
}

static void limit_processes(void)
{
	struct rlimit limit = {1, 1};

	setrlimit(RLIMIT_NPROC, &limit);
}

/* Where the program goes, and as whom. */
static bool move(const char *what)
{
	uid_t user;

	if (!strcmp(what, "chdir"))
		(void)!chdir(word());
	else if (!strcmp(what, "chroot"))
		(void)!(chroot(word()) || chdir("/"));
	else if (!strcmp(what, "set-user") && (user = number()))
		(void)!(setgid(user) || setuid(user));
	else
		return false;
	return true;
}

static bool leak(const char *what)
{
	if (!strcmp(what, "ring"))
		away(ring);
	else if (!strcmp(what, "rings"))
		away(rings);
	else if (!strcmp(what, "lost"))
		away(lost);
	else if (!strcmp(what, "suspect"))
		away(suspect);
	else if (!strcmp(what, "keep"))
		keep();
	else if (!strcmp(what, "grow"))
		grow();
	else if (!strcmp(what, "pool"))
		pool();
	else if (!strcmp(what, "excess"))
		away(excess);
	else if (!strcmp(what, "rewrite"))
		rewrite();
	else if (!strcmp(what, "hang")) /* only a kept block holds it */
		kept[1] = MALLOC(40);
	else if (!strcmp(what, "forget"))
		kept = NULL;
	else
		return false;
	return true;
}

static bool end(const char *what)
{
	if (!strcmp(what, "then"))
		exit(0);
	else if (!strcmp(what, "exit"))
		exit(number());
	else if (!strcmp(what, "_exit"))
		_exit(number());
	else if (!strcmp(what, "raise"))
		raise(number());
	else if (!strcmp(what, "exec") || !strcmp(what, "exec-bare"))
		execute(what[4]);
	else
		return false;
	return true;
}

static bool look(const char *what)
{
	pthread_t thread;

	if (!strcmp(what, "thread")) {
		if (pthread_create(&thread, NULL, pause_for_ever, NULL))
			say("no thread");
	} else if (!strcmp(what, "leave")) /* the other threads go on */
		pthread_exit(NULL);
	else if (!strcmp(what, "tasks"))
		show_tasks();
	else if (!strcmp(what, "no-children"))
		no_children();
	else if (!strcmp(what, "holds"))
		holds();
	else if (!strcmp(what, "open-many"))
		open_many();
	else if (!strcmp(what, "errno"))
		keep_errno();
	else if (!strcmp(what, "dispositions"))
		dispositions();
	else if (!strcmp(what, "check"))
		say("check %d", gordian_check());
	else
		return false;
	return true;
}

static void act(const char *what)
{
	if (leak(what) || end(what) || look(what) || move(what))
		return;
	if (!strcmp(what, "say"))
		say("%s", word());
	else if (!strcmp(what, "loop"))
		loop();
	else if (!strcmp(what, "scans"))
		loop_scans();
	else if (!strcmp(what, "idle"))
		idle();
	else if (!strcmp(what, "blocked"))
		blocked();
	else if (!strcmp(what, "nap"))
		nap_ms(number());
	else if (!strcmp(what, "fork"))
		fork_here();
	else if (!strcmp(what, "generations"))
		generations();
	else if (!strcmp(what, "environment"))
		show_environment();
	else if (!strcmp(what, "change-environment"))
		change_environment(word());
	else if (!strcmp(what, "read-only"))
		(void)!chmod(word(), 0555);
	else if (!strcmp(what, "closefrom"))
		closefrom(number());
	else if (!strcmp(what, "own"))
		open(word(), O_RDWR | O_CREAT | O_TRUNC, 0600);
	else if (!strcmp(what, "limit-processes"))
		limit_processes();
	else if (!strcmp(what, "limit-file"))
		limit_file();
	else if (!strcmp(what, "limit-memory"))
		limit_memory(RLIMIT_AS);
	else if (!strcmp(what, "limit-data"))
		limit_memory(RLIMIT_DATA);
	else if (!strcmp(what, "system") || !strcmp(what, "popen") ||
		 !strncmp(what, "spawn", 5) || !strncmp(what, "vfork", 5) ||
		 !strcmp(what, "wordexp"))
		shell(what);
	else {
		say("act: what is '%s'?", what);
		_exit(99);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	self = argv[0];
	next = argv + 1;
	while (*next)
		act(*next++);
	return 0;
}
