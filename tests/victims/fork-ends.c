/* However a child made by fork ends, the one small block that it has lost is
 * found; what it keeps is not, on which no scan is spent. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include "victim.h"

static void *volatile kept;

#define LOSE(way)                                \
	static NOINLINE void lost_by_##way(void) \
	{                                        \
		MALLOC(100);                     \
	}
LOSE(exit)
LOSE(at_once)
LOSE(main)
LOSE(quickly)
LOSE(thread)
LOSE(signal)

static NOINLINE void keep(void)
{
	kept = MALLOC(100);
}

static int end(int way)
{
	switch (way) {
	case 0:
		exit(0);
	case 1:
		_exit(0);
	case 3:
		quick_exit(0);
	case 4:
		pthread_exit(NULL);
	case 5:
		raise(SIGTERM);
	}
	return 0;
}

int main(void)
{
	static void (*const lose[])(void) = {
		lost_by_exit,	 lost_by_at_once, lost_by_main,
		lost_by_quickly, lost_by_thread,  lost_by_signal,
	};
	pid_t child;
	int i;

	say("expect lost count=1 bytes=100 function=lost_by_exit in=child");
	say("expect lost count=1 bytes=100 function=lost_by_at_once in=child");
	say("expect lost count=1 bytes=100 function=lost_by_main in=child");
	say("expect lost count=1 bytes=100 function=lost_by_quickly in=child");
	say("expect lost count=1 bytes=100 function=lost_by_thread in=child");
	say("expect lost count=1 bytes=100 function=lost_by_signal in=child");
	for (i = 0; i < 12; i++) {
		child = fork();
		if (child == 0) {
			away(keep);
			if (i < 6)
				away(lose[i]);
			return end(i % 6);
		}
		if (child < 0 || waitpid(child, NULL, 0) != child)
			_exit(99);
	}
	return 0;
}
