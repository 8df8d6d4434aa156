/* Blocks held by memory that nobody may read while the scan is made: mappings,
 * private and shared, and pages of a block. */
#include <sys/mman.h>
#include "victim.h"

#define SIZE (1u << 20)

static char *volatile block;

static NOINLINE char *map(int flags, int fd)
{
	char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		_exit(99);
	return p;
}

static NOINLINE void hide(char *p, size_t at, size_t size)
{
	*(void **)(p + at) = MALLOC(size);
	if (mprotect(p, 8192, PROT_NONE))
		_exit(99);
}

static NOINLINE void make(void)
{
	char path[] = "/tmp/victim-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) || ftruncate(fd, SIZE))
		_exit(99);
	hide(map(MAP_PRIVATE | MAP_ANONYMOUS, -1), 4096, 100);
	hide(map(MAP_SHARED | MAP_ANONYMOUS, -1), 8, 200);
	hide(map(MAP_PRIVATE, fd), 800, 300);
	hide(map(MAP_SHARED, fd), 7000, 400);
	block = MALLOC(SIZE);
	hide((char *)(((uintptr_t)block + 4095) & -4096ul), 5000, 500);
	close(fd);
}

int main(void)
{
	say("expect nothing");
	away(make);
	return 0;
}
