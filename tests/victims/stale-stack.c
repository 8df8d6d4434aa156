/* Stale pointers in the stack below what runs hold nothing. */
#include "victim.h"

static NOINLINE void make(int depth)
{
	void *volatile local[64];

	for (int i = 0; i < 64; i++)
		local[i] = MALLOC(100);
	if (depth)
		make(depth - 1);
	USE(local);
}

int main(void)
{
	/* All levels of a recursion are one. */
	say("expect lost count=6400 bytes=640000 members=1 function=make");
	make(99);
	return 0;
}
