/* abort() is left by siglongjmp from the program's handler. Another SIGABRT
 * ends the program further down: what frames there hold is not lost. */
#include <setjmp.h>
#include <signal.h>
#include "victim.h"

static sigjmp_buf place;

static void leave(int sig)
{
	siglongjmp(place, sig);
}

static NOINLINE void descend(int depth)
{
	void *volatile local = MALLOC(100 + depth);

	if (depth < 50)
		descend(depth + 1);
	else
		raise(SIGABRT);
	USE(local);
}

int main(void)
{
	say("expect nothing");
	signal(SIGABRT, leave);
	if (!sigsetjmp(place, 1))
		abort();
	signal(SIGABRT, SIG_DFL);
	descend(0);
	return 1;
}
