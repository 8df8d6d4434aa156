/* Children that are made past libc's fork answer for what they lose like
 * others, and only for that. */
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "victim.h"

#define STACK (256ul << 10)
#define WAYS 6

static void *volatile kept;

#define LOSE(way)                                \
	static NOINLINE void lost_by_##way(void) \
	{                                        \
		MALLOC(100);                     \
	}
LOSE(safely)
LOSE(number)
LOSE(clone)
LOSE(clone3)
LOSE(function)
LOSE(end)

static NOINLINE void keep(void)
{
	kept = MALLOC(100);
}

static void (*const lose[WAYS])(void) = {lost_by_safely,   lost_by_number,
					 lost_by_clone,	   lost_by_clone3,
					 lost_by_function, lost_by_end};

static int child(void *arg)
{
	long way = (long)arg;

	away(keep);
	if (way < WAYS)
		away(lose[way]);
	if (way % WAYS == WAYS - 1)
		_exit(way);
	return way;
}

static pid_t make(long way)
{
	struct clone_args args = {.exit_signal = SIGCHLD};
	char *stack;

	switch (way % WAYS) {
	case 0:
		return _Fork();
	case 1:
		return syscall(SYS_fork);
	case 2:
		return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	case 3:
		return syscall(SYS_clone3, &args, sizeof args);
	}
	stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return clone(child, stack + STACK, SIGCHLD, (void *)way);
}

int main(void)
{
	int status;
	pid_t pid;
	long way;

	say("expect lost count=1 bytes=100 function=lost_by_safely in=child");
	say("expect lost count=1 bytes=100 function=lost_by_number in=child");
	say("expect lost count=1 bytes=100 function=lost_by_clone in=child");
	say("expect lost count=1 bytes=100 function=lost_by_clone3 in=child");
	say("expect lost count=1 bytes=100 function=lost_by_function in=child "
	    "root=child");
	say("expect lost count=1 bytes=100 function=lost_by_end in=child "
	    "root=child");
	for (way = 0; way < 2 * WAYS; way++) {
		pid = make(way);
		if (!pid)
			return child((void *)way);
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    status != way << 8)
			_exit(99);
	}
	return 0;
}
