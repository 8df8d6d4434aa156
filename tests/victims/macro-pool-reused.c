/* A pool's mapping goes back to the kernel with the blocks in it, and comes
 * again for something else: nothing of the pool is left. */
#include <sys/mman.h>
#include "macro.h"

#define SIZE (1 << 20)

static void *map(void *at, int fixed)
{
	void *p = mmap(at, SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);

	if (p == MAP_FAILED)
		_exit(99);
	return p;
}

static NOINLINE void make(void)
{
	char *memory = map(NULL, 0);

	TIMES(100)
	{
		GORDIAN_POOL_ALLOC(&memory, memory + 64 * times_, 48);
	}
	if (munmap(memory, SIZE))
		_exit(99);
	map(memory, MAP_FIXED);
}

int main(void)
{
	say("expect nothing");
	say("warning none");
	away(make);
	return 0;
}
