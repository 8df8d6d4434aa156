/* What a process can ask of itself is as it set it, through a hundred scans. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include "victim.h"

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static void show_mask(const char *name, const sigset_t *set)
{
	unsigned long long bits = 0;

	for (int s = 1; s < 64; s++)
		bits |= (unsigned long long)(sigismember(set, s) == 1) << s;
	say("%s %llx", name, bits);
}

static void show(void)
{
	struct rlimit limit;
	sigset_t set;
	cpu_set_t cpus;
	stack_t stack;
	mode_t mask = umask(0);
	char name[17] = "";
	int sig = -1;

	for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
		getrlimit(i, &limit);
		say("limit %d %llu %llu", i, (unsigned long long)limit.rlim_cur,
		    (unsigned long long)limit.rlim_max);
	}
	pthread_sigmask(SIG_BLOCK, NULL, &set);
	show_mask("blocked", &set);
	sigpending(&set);
	show_mask("pending", &set);
	sched_getaffinity(0, sizeof cpus, &cpus);
	sigaltstack(NULL, &stack);
	prctl(PR_GET_NAME, name);
	prctl(PR_GET_PDEATHSIG, &sig);
	umask(mask);
	say("cpus %d stack %d umask %o name %s death %d dumpable %d nice %d",
	    CPU_COUNT(&cpus), stack.ss_flags, (unsigned)mask, name, sig,
	    prctl(PR_GET_DUMPABLE), getpriority(PRIO_PROCESS, 0));
	say("group %d session %d policy %d subreaper %d", getpgrp() == getpid(),
	    getsid(0) == getpid(), sched_getscheduler(0),
	    prctl(PR_GET_CHILD_SUBREAPER, &sig));
}

static void show_action(void)
{
	struct sigaction action = {.sa_handler = SIG_IGN};

	sigfillset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR1, NULL, &action);
	show_mask("meanwhile", &action.sa_mask);
}

/* The lowest free numbers, and no lock is taken that was not. */
static void show_descriptors(void)
{
	int a = open("/dev/null", O_RDONLY), ends[2], b;

	if (pipe(ends))
		_exit(99);
	b = dup(0);
	say("descriptors %d %d %d %d", a, ends[0], ends[1], b);
	close(a);
	close(ends[0]);
	close(ends[1]);
	close(b);
}

int main(void)
{
	sigset_t all, old;

	say("option --interval=0.01");
	say("expect lost count=100 bytes=10000 function=lose");
	show();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	show_mask("before", &old);
	prctl(PR_SET_NAME, "another");
	umask(027);
	kill(getpid(), SIGUSR2);
	for (volatile int i = 0; i < 100; i++) {
		errno = i;
		away(lose);
		if (errno != i)
			return 1;
		nap_ms(5);
	}
	show();
	show_descriptors();
	sigemptyset(&all);
	sigaddset(&all, SIGUSR2);
	sigprocmask(SIG_UNBLOCK, &old, NULL);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	show_mask("full", &old);
	show();
	show_action();
	return 0;
}
