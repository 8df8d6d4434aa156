/* Blocks held by memory that the program got from the kernel: private,
 * shared, of a file, read-only by now, remapped, and from brk. */
#include <sys/mman.h>
#include "victim.h"

#define SIZE (64u << 10)

static NOINLINE char *map(int flags, int fd)
{
	char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		_exit(99);
	return p;
}

static NOINLINE void make(void)
{
	char path[] = "/tmp/victim-XXXXXX", *p;
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) || ftruncate(fd, SIZE))
		_exit(99);
	*(void **)(map(MAP_PRIVATE | MAP_ANONYMOUS, -1) + 8) = MALLOC(100);
	*(void **)(map(MAP_SHARED | MAP_ANONYMOUS, -1) + 4096) = MALLOC(200);
	*(void **)(map(MAP_PRIVATE, fd) + 800) = MALLOC(300);
	*(void **)(map(MAP_SHARED, fd) + 8000) = MALLOC(400);
	p = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	*(void **)(p + SIZE - 8) = MALLOC(500);
	if (mprotect(p, SIZE, PROT_READ))
		_exit(99);
	p = mremap(map(MAP_PRIVATE | MAP_ANONYMOUS, -1), SIZE, SIZE << 9,
		   MREMAP_MAYMOVE);
	*(void **)(p + (SIZE << 9) - 16) = MALLOC(600);
	p = sbrk(8192); /* past the heap's end: malloc lives with that */
	*(void **)(p + 4096) = MALLOC(700);
	close(fd);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
