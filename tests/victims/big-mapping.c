/* Blocks in mappings of their own: one lost, one held, whose last word alone
 * holds a small one. */
#include "victim.h"

#define BIG (32u << 20)

static void **volatile held;

static NOINLINE void make(void)
{
	MALLOC(BIG);
	held = MALLOC(BIG);
	held[BIG / sizeof(*held) - 1] = MALLOC(100);
}

int main(void)
{
	say("expect lost count=1 bytes=33554432 retained_bytes=0 "
	    "retained_blocks=0 members=1 function=make");
	away(make);
	return 0;
}
