/* exit called from deep down: the locals of all frames still hold. */
#include "victim.h"

static NOINLINE int descend(int depth)
{
	void *volatile local = MALLOC(100 + depth);

	if (depth == 20)
		exit(0);
	if (depth < 20)
		descend(depth + 1);
	USE(local);
	return depth;
}

int main(void)
{
	void *volatile local;

	say("expect nothing");
	local = MALLOC(1000);
	descend(0);
	USE(local);
	return 1;
}
