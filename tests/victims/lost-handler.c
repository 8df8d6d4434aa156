/* A signal handler leaks; its stack leads through the signal frame to main. */
#include <signal.h>
#include "victim.h"

static NOINLINE void leak(void)
{
	MALLOC(100);
}

static void handler(int signal)
{
	(void)signal;
	leak();
	clobber();
}

static NOINLINE void make(void)
{
	raise(SIGUSR1);
}

int main(void)
{
	say("expect lost count=1 bytes=100 function=leak,handler,make,away");
	signal(SIGUSR1, handler);
	away(make);
	return 0;
}
