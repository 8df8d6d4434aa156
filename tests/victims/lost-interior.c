/* A lost head that holds its child by an interior pointer, and one by the
 * address just past it (an empty array behind a cookie). */
#include "victim.h"

static NOINLINE void make(void)
{
	char **head = CALLOC(40);

	head[1] = (char *)CALLOC(200) + 111;
	head[2] = (char *)CALLOC(8) + 8;
}

int main(void)
{
	say("expect lost count=1 bytes=40 retained_bytes=208 "
	    "retained_blocks=2 members=1 sizes=40");
	away(make);
	return 0;
}
