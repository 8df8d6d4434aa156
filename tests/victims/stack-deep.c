/* Recursion is one frame however deep it is; beyond 4,096 frames what called
 * it is lost, and found again on the way back. */
#include "victim.h"

static NOINLINE void leak(int n)
{
	MALLOC(n);
}

static NOINLINE void down(int depth, int n)
{
	if (depth)
		down(depth - 1, n);
	else
		leak(n);
	if (n == 100 && (depth == 3500 || depth == 4500))
		leak(20);
}

static NOINLINE void make(void)
{
	TIMES(3)
	down(5000, 100);
	TIMES(3)
	down(4000, 50);
	TIMES(3)
	down(10, 50);
}

int main(void)
{
	say("expect lost count=3 bytes=300 stack=leak<down root=*");
	say("expect lost count=6 bytes=120 "
	    "stack=leak<down<down<make<away<main");
	say("expect lost count=3 bytes=150 "
	    "stack=leak<down<down<make<away<main");
	say("expect lost count=3 bytes=150 "
	    "stack=leak<down<down<make<away<main");
	away(make);
	return 0;
}
