/* A reservation of a terabyte of which few pages were touched: they hold
 * blocks, and the rest of it is not read. */
#include <sys/mman.h>
#include "victim.h"

static NOINLINE void make(void)
{
	size_t size = (size_t)1 << 40;
	char *base;

	do {
		size >>= 1;
		base = mmap(NULL, size * 2, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	} while (base == MAP_FAILED && size > 1 << 20);
	*(void **)(base + size + 4096 * 7) = MALLOC(100);
	*(void **)(base + size * 2 - sizeof(void *)) = MALLOC(200);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
