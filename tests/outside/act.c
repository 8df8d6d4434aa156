/*
 * Does what its arguments say, one after the other: the scripts of checks
 * compose programs of them. What it reports goes to standard output by
 * write(2).
 */
#include "act.h"
#include "act-blocked.h"
#include "act-keeps.h"
#include "act-starts.h"

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

static void *pause_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
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
