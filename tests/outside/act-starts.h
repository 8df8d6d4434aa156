/* Programs and processes that are started, in which environment and within
 * which limits. */
#ifndef ACT_STARTS_H
#define ACT_STARTS_H

#include "act.h"

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

#endif
