/* Frames that longjmp left are in no later stack, whatever of them still lies
 * there: among the sizes of again() is one where leak() stands in the place
 * that it had. */
#include <setjmp.h>
#include "victim.h"

static jmp_buf back;

static NOINLINE FRAME_POINTER void leak(void)
{
	MALLOC(100);
}

static NOINLINE void third(void)
{
	leak();
	longjmp(back, 1);
}

static NOINLINE void second(void)
{
	char scratch[256];

	USE(scratch);
	third();
	USE(scratch);
}

static NOINLINE void first(void)
{
	second();
	USE(&back);
}

static NOINLINE void again(int room)
{
	char scratch[room];

	USE(scratch);
	leak();
	USE(scratch);
}

static NOINLINE void make(void)
{
	for (volatile int room = 16; room <= 640; room += 16) {
		if (!setjmp(back))
			first();
		again(room);
	}
}

int main(void)
{
	say("expect lost count=40 bytes=4000 "
	    "stack=leak<third<second<first<make<away<main");
	say("expect lost count=40 bytes=4000 stack=leak<again<make<away<main");
	away(make);
	return 0;
}
