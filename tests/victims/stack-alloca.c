/* Frames of changing size that leave each other's return addresses where they
 * were: the innermost stands at one place, whatever called it. */
#include <alloca.h>
#include "victim.h"

#define ROOM 1024

static NOINLINE FRAME_POINTER void leak(void)
{
	MALLOC(100);
}

static NOINLINE void inner(int room)
{
	char *taken = alloca(room);

	USE(taken);
	leak();
	USE(taken);
}

static NOINLINE void one(int room)
{
	char *taken = alloca(room);

	USE(taken);
	inner(ROOM - room);
	USE(taken);
}

static NOINLINE void two(int room)
{
	char *taken = alloca(room);

	USE(taken);
	inner(ROOM - room);
	USE(taken);
}

static NOINLINE void make(void)
{
	static void (*const call[])(int) = {one, two};

	for (volatile int i = 0; i < 200; i++)
		call[i * 7 % 3 % 2](16 * (i * 5 % 31));
}

int main(void)
{
	say("expect lost count=133 bytes=13300 "
	    "stack=leak<inner<one<make<away<main");
	say("expect lost count=67 bytes=6700 "
	    "stack=leak<inner<two<make<away<main");
	away(make);
	return 0;
}
