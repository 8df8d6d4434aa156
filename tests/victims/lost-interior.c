/* A lost head that holds its child by an interior pointer, and one by the
 * address just past it (an empty array behind a cookie, a stack that grows
 * downwards). */
#include "victim.h"

static NOINLINE void make(void)
{
	char **head = CALLOC(40);

	head[1] = (char *)CALLOC(200) + 111;
	head[2] = (char *)CALLOC(8) + 8;
	head[3] = (char *)CALLOC(608) + 608;
}

int main(void)
{
	say("expect lost count=1 bytes=40 retained_bytes=816 "
	    "retained_blocks=3 members=1 sizes=40");
	away(make);
	return 0;
}
