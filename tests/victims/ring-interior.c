/* A ring closed by an interior pointer (a list link inside each block). */
#include "victim.h"

static NOINLINE void make(void)
{
	char *a = CALLOC(64), *b = CALLOC(96);

	*(char **)(a + 16) = b + 24;
	*(char **)(b + 40) = a;
}

int main(void)
{
	say("expect cycle count=1 bytes=160 members=2 "
	    "edges=64+16~96,96+40>64");
	away(make);
	return 0;
}
