/* What was lost before daemon() is its parent's, which ends inside libc. */
#include "victim.h"

static NOINLINE void lose(void)
{
	CALLOC(100);
}

static NOINLINE void lose_later(void)
{
	CALLOC(200);
}

int main(void)
{
	say("expect lost count=1 bytes=100 function=lose");
	say("expect lost count=1 bytes=200 function=lose_later in=child");
	away(lose);
	if (daemon(1, 0))
		return 98;
	away(lose_later);
	return 0;
}
